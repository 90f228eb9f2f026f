import random,torch,sys,time
from PIL import Image
from captions import *
torch.set_num_threads(1)
c=Captioned(sys.argv[1]);rnd=random.Random(1)
t=time.process_time()
rows=[]
for i in range(64):
    cap,p=c.sample(rnd,"square"); print(i,cap); rows.append(p)
print((time.process_time()-t)/64)
g=torch.cat([torch.cat(rows[i*8:i*8+8],2) for i in range(8)],1)
Image.fromarray(((g+1)*127.5).clamp(0,255).byte().permute(1,2,0).numpy()).save("/tmp/h/look.png")
cols=24;pics=[]
for t in c.things:
    for d in t.drawings[:2]:
        pics.append(c.compose([Placed(d,0.95)],(128,128),(250,250,250))[:, ::2, ::2])
while len(pics)%cols: pics.append(torch.ones_like(pics[0]))
g=torch.cat([torch.cat(pics[i:i+cols],2) for i in range(0,len(pics),cols)],1)
Image.fromarray(((g+1)*127.5).clamp(0,255).byte().permute(1,2,0).numpy()).save("/tmp/h/all.png")
