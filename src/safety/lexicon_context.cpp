#include "safety/lexicon.h"

namespace ourvidz::safety {

namespace {

constexpr CueRow context_cues[] = {
    // Swimwear, underwear and what else is worn to show the body.
    {"en attire", attire, true,
     "swimsuit, swimsuits, swimwear, swimming costume, bikini, bikinis, underwear, undies, lingerie, "
     "panties, knickers, bathing suit, bathing suits, leotard, leotards, thong, negligee, undergarments, "
     "underpants, swimming trunks, miniskirt, fishnets, undershirt"},
    {"en attire", attire, false,
     "bra, bras, bralette, briefs, brief underwear, boxers, boxer shorts, boxer briefs, swim suit, swim "
     "suits, swim trunks, swim shorts, swim wear, one piece swimsuit, two piece, beachwear, trunks, speedo, "
     "speedos, g string, corset, garter, garters, garter belt, camisole, nightgown, nightie, babydoll dress, "
     "diaper, diapers, nappy, nappies, crop top, croptop, tube top, hot pants, booty shorts, short shorts, "
     "mini skirt, micro skirt, short skirt, tight dress, tight clothes, tight clothing, tight shorts, tight "
     "leggings, skin tight, see through, wet shirt, wet t shirt, wet clothes, revealing dress, revealing "
     "outfit, revealing clothes, skimpy, scantily clad, scantily, latex suit, bodysuit, bodystocking, "
     "stockings and, loincloth, unbuttoned, bare shoulders, towel only, only a towel, in a towel, wrapped in "
     "a towel, nothing but a, under garments, intimate apparel, intimates, boudoir"},
    {"es", attire, false,
     "bañador, bañadores, traje de baño, trajes de baño, ropa interior, bragas, braguitas, sujetador, "
     "lencería, calzoncillos, tanga, biquini, calzones, malla de baile"},
    {"pt", attire, false,
     "maiô, maiôs, biquíni, biquínis, fato de banho, roupa de banho, roupa íntima, calcinha, calcinhas, "
     "cueca, sutiã, lingerie, roupa interior, sunga"},
    {"fr", attire, false,
     "maillot, maillots, maillot de bain, maillots de bain, sous vêtements, sous vêtement, culotte, "
     "culottes, soutien gorge, en slip, caleçon, justaucorps, string ficelle, tenue légère"},
    {"it", attire, false,
     "costume da bagno, costumi da bagno, costumino, biancheria intima, mutande, mutandine, reggiseno, "
     "intimo, perizoma, lingerie, canottiera, slip da bagno"},
    {"ro ca", attire, false,
     "costum de baie, costume de baie, lenjerie, chiloți, sutien, banyador, roba interior"},
    {"de", attire, false,
     "badeanzug*, badeanzüge, badehose*, badebekleidung, bademode, unterwäsche, unterhose*, schlüpfer, "
     "bikini*, bh, dessous, tanga, windel, windeln, höschen, im slip, turnanzug, gymnastikanzug"},
    {"nl", attire, false,
     "badpak*, zwempak*, zwembroek*, ondergoed, onderbroek*, slipje, slipjes, beha, luier, luiers, lingerie"},
    {"sv no da", attire, false,
     "baddräkt*, badedrakt*, badedragt*, badbyxor, badebukse, badebukser, underkläder, underkleder, "
     "undertøy, undertøj, trosor, truser, trusser, badtøj, badetøy, badetøj, bh, blöja"},
    {"is et", attire, false,
     "sundbolur, sundföt, nærföt, ujumiskostüüm, ujumistrikoo, ujumisriided, aluspesu, bikiinid, bikiinides"},
    {"fi", attire, false,
     "uimapuku, uimapuvussa, uimapuvun, uimahousut, uimahousuissa, uima asu, uima asussa, alusvaatteet, "
     "alusvaatteissa, alushousut, alushousuissa, rintaliivit, bikinit, bikineissä"},
    {"pl", attire, false,
     "strój kąpielowy, stroju kąpielowym, strój kąpiel*, kąpielówk*, bielizn*, bieliźnie, majtk*, majteczk*, "
     "stanik*, bikini, kostium kąpielow*, kostiumie kąpielow*"},
    {"cs sk", attire, false,
     "plavky, plavkách, plavkami, plavkách, spodní prádlo, spodním prádle, spodné prádlo, spodnej bielizni, "
     "kalhotky, kalhotkách, nohavičky, podprsenk*, trenýrk*, bikiny, bikinách, bikinkách"},
    {"hr sr sl", attire, false,
     "kupaći kostim, kupaćem kostimu, kupaći, kupaćem, kupalke, kupalkah, kopalke, kopalkah, donje rublje, "
     "donjem rublju, gaćice, gaćicama, grudnjak, donji veš, spodnje perilo, bikiniju, купаћи, купаћем, "
     "гаћиц*"},
    {"ru", attire, false,
     "купальник*, купальничк*, плавки, плавках, бикини, нижнее белье, нижнем белье, нижнее бельё, белье, "
     "бельё, трусы, трусах, трусик*, лифчик*, бюстгальтер*, бельишк*, колготк*, белья"},
    {"uk bg", attire, false,
     "купальник*, бікіні, білизн*, труси, трусик*, плавк*, бански, банските, бельо, бикини, гащичк*, "
     "спідній"},
    {"lt lv", attire, false,
     "maudymosi kostium*, maudymuk*, apatini*, kelnaitė*, peldkostīm*, apakšveļ*, bikini*"},
    {"hu", attire, false,
     "fürdőruha, fürdőruhá*, bikini*, fehérnemű*, alsónemű*, bugyi*, melltartó*, fürdőnadrág*"},
    {"el", attire, false, "μαγιό, μπικίνι, εσώρουχ*, κιλότα, κιλοτάκι, σουτιέν, βρακάκι"},
    {"sq ga eu", attire, false,
     "rroba banje, rrobat e banjos, të brendshme, culaith shnámha, bainujantzi, bainujantzia, gwisg nofio"},
    {"tr az", attire, false,
     "mayosu, mayolu, mayoyla, mayolar*, bikinili, bikinisi, iç çamaşırı*, iç çamaşır*, külot*, sütyen*, "
     "çimərlik paltar*, alt paltar*"},
    {"ar", attire, false,
     "بيكيني, البيكيني, بكيني, ملابس سباحة, ملابس السباحة, لباس سباحة, مايوه, ملابس داخلية, الملابس "
     "الداخلية, حمالة صدر, لانجري"},
    {"fa ur", attire, false, "بیکینی, مایو, لباس شنا, لباس زیر, شورت, سوتین, زیر جامہ, تیراکی کا لباس"},
    {"he", attire, false, "בגד ים, בגדי ים, ביקיני, תחתונים, הלבשה תחתונה, לבנים, חזייה, תחתוני"},
    {"hi mr", attire, false, "बिकिनी, स्विमसूट, अंतर्वस्त्र, अंडरवियर, चड्डी, ब्रा, तैराकी पोशाक, पैंटी"},
    {"bn", attire, false, "বিকিনি, সাঁতারের পোশাক, অন্তর্বাস, সুইমস্যুট, ব্রা, প্যান্টি"},
    {"ta te kn ml pa gu", attire, false,
     "பிகினி, நீச்சலுடை, உள்ளாடை, బికినీ, "
     "స్విమ్‌సూట్, "
     "లోదుస్తులు, "
     "ಬಿಕಿನಿ, "
     "ಈಜುಡುಗೆ, "
     "ബിക്കിനി, "
     "നീന്തൽ "
     "വസ്ത്രം, "
     "ਬਿਕਨੀ, "
     "બિકીની"},
    {"zh", attire, false,
     "泳衣, 泳裝, 泳装, 比基尼, 内衣, 內衣, 内裤, 內褲, 泳裤, 泳褲, 胸罩, 文胸, 丁字裤, 三点式, 死库水, "
     "游泳衣, 紧身衣, 短裙, 丝袜"},
    {"ja", attire, false,
     "水着, スク水, スクール水着, ビキニ, 下着, 下着姿, パンツ一丁, パンティ, パンティー, ブラジャー, "
     "ランジェリー, 体操着, ブルマ, レオタード, ミニスカ, ミニスカート, おむつ"},
    {"ko", attire, false, "수영복*, 비키니*, 속옷*, 팬티*, 브래지어*, 란제리*, 레오타드*, 미니스커트*"},
    {"th lo km my", attire, false,
     "ชุดว่ายน้ำ, บิกินี่, บิกินี, ชุดชั้นใน, กางเกงใน, ชุดนอน, ຊຸດລອຍນ້ຳ, ບິກິນີ, ឈុតហែលទឹក, ប៊ីគីនី, ရေကူးဝတ်စုံ, ဘီကီနီ"},
    {"vi", attire, false, "đồ bơi, áo tắm, đồ tắm, quần bơi, đồ lót, nội y, quần lót, áo ngực, bikini"},
    {"id ms tl", attire, false,
     "baju renang, pakaian renang, celana dalam, pakaian dalam, bh, baju mandi, seluar dalam, damit panligo, "
     "naka brief, panligo, salawal, panty"},
    {"sw af ha", attire, false,
     "vazi la kuogelea, nguo za kuogelea, chupi, sidiria, swembroek, swempak, baaikostuum, baaibroek, "
     "onderklere, kayan wanka"},
    {"ka hy mn am", attire, false,
     "საცურაო, ბიკინი, საცვლები, լողազգեստ, լողազգեստով, բիկինի, ներքնազգեստ, усны хувцас, бикини, የዋና ልብስ, "
     "ቢኪኒ"},
    // No clothes.
    {"en undressed", undressed, true,
     "naked, nude, nudes, nudity, topless, undressed, shirtless, unclothed, bottomless, nudist, nudists"},
    {"en undressed", undressed, false,
     "without clothes, without any clothes, without clothing, no clothes, no clothing, no clothes on, "
     "wearing nothing, wears nothing, with nothing on, nothing on, in the buff, birthday suit, skinny "
     "dipping, disrobed, disrobing, bare chested, bare breasted, bare bottom, bare body, bare skin, in the "
     "nude, undressing, strip tease, striptease, stripper, half dressed, half naked, semi nude, seminude, "
     "unclad, clothes off, shirt off, pants off, dress off, taking clothes off, without a shirt, without a "
     "top, without pants, without underwear, clothing optional, uncovered body, exposed body, barely "
     "dressed, barely clothed, barely covered, free of clothing, free of clothes, as god made"},
    {"romance", undressed, false,
     "desnuda, desnudo, desnudas, desnudos, desnudez, sin ropa, nua, nuas, sem roupa, nue, nues, déshabillé, "
     "déshabillée, sans vêtements, dénudé, dénudée, torse nu, seins nus, nuda, nudo, nudi, svestita, "
     "spogliata, senza vestiti, dezbrăcat, dezbrăcată, gol pușcă, despullada, despullat"},
    {"germanic", undressed, false,
     "nackt, nackte, nackter, nackten, nacktes, unbekleidet*, oben ohne, ohne kleidung, ohne kleider, naakt, "
     "naakte, uitgekleed, zonder kleren, naken, nakna, naket, avklädd, nøgen, nøgne, utan kläder, uden tøj, "
     "uten klær, nakinn, nakin"},
    {"slavic", undressed, false,
     "nagie zdjęcie, nago, nagiej, bez ubrania, bez ubrań, nahý, nahá, nahé, svlečen*, bez oblečení, голая, "
     "голый, голые, голой, голого, голую, голышом, обнажен*, обнажён*, раздет*, без одежды, нагишом, голий, "
     "голі, роздягнен*, без одягу, топлес"},
    {"other european", undressed, false,
     "alaston, alasti, alastomana, ilman vaatteita, paljas, riieteta, meztelen*, ruhátlan*, ruha nélkül, "
     "γυμν*, χωρίς ρούχα, nuogas, nuoga, kails, lakuriq, noeth, biluzik"},
    {"middle east", undressed, false,
     "çıplak, çıplaklık, soyunmuş, soyunuk, kıyafetsiz, çılpaq, عارية, عاري, عار, عراة, بدون ملابس, برهنه, "
     "لخت, بدون لباس, ننگا, ننگی, عریاں, ערום, ערומה, עירום, עירומה, בלי בגדים"},
    {"south asia", undressed, false,
     "नंगा, नंगी, नंगे, नग्न, निर्वस्त्र, बिना कपड़ों, কাপড় ছাড়া, উলঙ্গ, নগ্ন, ਨੰਗਾ, ਨੰਗੀ, નગ્ન, நிர்வாண, நிர்வாணமாக, నగ్న, "
     "నగ్నంగా, ಬೆತ್ತಲೆ, നഗ്ന, നഗ്നയായ, නිරුවත්"},
    {"east asia", undressed, false,
     "裸の, 裸で, 裸女, 裸体, 裸體, 全裸, 半裸, 赤裸, 裸照, 脱光, 脫光, 没穿衣服, 一丝不挂, 不穿衣服, 脱衣, "
     "裸の, ヌード, はだか, トップレス, すっぽんぽん, 上半身裸, 누드*, 알몸*, 나체*, 벌거벗은, 상의탈의, "
     "탈의한"},
    {"south east asia", undressed, false,
     "เปลือย, โป๊, แก้ผ้า, ไม่ใส่เสื้อผ้า, khỏa thân, khoả thân, không mặc quần áo, ở truồng, trần truồng, telanjang, "
     "bugil, tanpa busana, tanpa baju, tanpa pakaian, bogel, hubad, walang damit, ເປືອຍ, អាក្រាត, ကိုယ်လုံးတီး"},
    {"africa caucasus", undressed, false,
     "watoto uchi, bila nguo, kaakgat, tsirara, ራቁት, ራቁቱን, შიშველი, մերկ, нүцгэн, жалаңаш"},
    // Sexual content. Stems only.
    {"en explicit", explicit_content, true,
     "porn, porno, pornography, pornographic, hentai, nsfw, erotica, erotic, masturbating, masturbation, "
     "orgasm, genitals, genitalia, intercourse, blowjob, handjob, fetish, sexual"},
    {"en explicit", explicit_content, false,
     "sex, sexually, sexting, xxx, penis, vagina, vulva, nipple, nipples, areola, masturbat*, pornstar, "
     "camgirl, bdsm, threesome, foreplay, having sex, making love, sex act, ecchi, ahegao, rule 34, r18, r "
     "18, x rated, 18 plus content, adult content, explicit content, explicit scene, explicit photo, "
     "explicit picture, sexually explicit, uncensored, onlyfans, playboy style, smut, lewd, lewds, horny, "
     "dildo, oral sex, escort service, prostitute, call girl, bondage, sex scene, sexo, pornograf*, erotico, "
     "erótica, erótico, sexe, sexuel, sexuelle, érotique, sesso, sessuale, erotisch*, geschlechtsverkehr, "
     "erotyczn*, эротик*, эротич*, порно*, секс, сексуальн*, порнография, ερωτικ*, σεξ, πορνό, cinsel*, "
     "erotik*, إباحي, إباحية, اباحي, سكس, سکس, סקס, פורנו, ארוטי, सेक्स, अश्लील, পর্ন, যৌন, செக்ஸ், 色情, 情色, "
     "性爱, 性愛, 做爱, 做愛, 黄片, エロ, エッチ, セックス, ポルノ, 変態, 섹스*, 야한*, 야동*, 포르노*, "
     "에로*, เซ็กส์, ลามก, หนังโป๊, khiêu dâm, tình dục, làm tình, bokep, mesum, cabul, kalaswaan, ngono"},
    // Sexualising, without being explicit.
    {"en suggestive", suggestive, true,
     "sexy, seductive, seductively, sensual, sensually, sultry, provocative, provocatively, suggestive, "
     "flirtatious, voluptuous, sexualized, sexualised, aroused, arousing"},
    {"en suggestive", suggestive, false,
     "seducing, seduce, seduction, flirty, flirting, alluring, kinky, naughty pose, busty, sexiest, sexier, "
     "come hither, bedroom eyes, making out, french kiss, french kissing, twerking, pole dance, pole "
     "dancing, lap dance, spread legs, legs spread, legs apart, bent over, on all fours, licking lips, "
     "biting lip, biting her lip, pin up, pinup, intimate pose, intimate photo, intimate photos, lustful, "
     "lust, desire in, turn me on, turns me on, hot body, sexualize, sexualise, sex appeal, temptress, "
     "groomed for, french maid, provocante, sensuel, sensuelle, sexi, sensual, seductora, sedutora, "
     "sensuale, provokativ*, verführerisch*, aufreizend*, соблазнительн*, сексапильн*, uwodziciel*, "
     "zmysłow*, kışkırtıcı, seksi, 性感, 诱惑, 誘惑, セクシー, 섹시*, 야릇*, เซ็กซี่, gợi cảm, مثيرة, مثير, "
     "सेक्सी, seksowna, seksown*, svůdn*, menggoda"},
    // The body as the subject.
    {"en body", body, true,
     "cleavage, buttocks, breasts, thighs, crotch, midriff, underboob, sideboob, curvy"},
    {"en body", body, false,
     "breast, boobs, boob, butt, butts, booty, bottom up, bum, groin, thigh, thick thighs, bare legs, bare "
     "feet close up, bare belly, bare midriff, bare stomach, bare back, navel, belly button, body shot, "
     "skirt lifted, lifted skirt, lifting her skirt, lifting skirt, lifts her skirt, skirt up, up her skirt, "
     "full body shot of her body, her body, his body, their bodies, her curves, curves, hourglass, slender "
     "body, slim body, wet body, oiled body, body oil, body proportions, hips, her hips, developing body, "
     "body close up, close up of her body, close up of her legs, close up of legs, between her legs, between "
     "the legs, long legs, her legs, feet fetish, camel toe, upskirt, panty shot, pantyshot, skin showing, "
     "showing skin, lots of skin, exposed skin, glistening skin, sweaty skin, physique, figure hugging, body "
     "measurements, undress*, privates, private parts, nalgas, pechos, muslos, escote, trasero, bunda, "
     "coxas, seios, fesses, cuisses, poitrine, décolleté, sedere, seno, cosce, busen, brüste, hintern, "
     "schenkel, oberschenkel, ausschnitt, billen, borsten, pośladki, piersi, грудь, попа, попка, бедра, "
     "бёдра, ягодиц*, göğüs, kalça, 胸部, 大腿, 屁股, 乳房, 臀部, 太もも, おっぱい, お尻, 胸元, 가슴*, "
     "엉덩이*, 허벅지*, หน้าอก, ก้น, ngực, mông, đùi, payudara, pantat, paha"},
    // Bath and bed.
    {"en bath", bath, true, "bathtub, bathing, showering, bathroom"},
    {"en bath", bath, false,
     "bath, baths, bathe, shower, showers, bath tub, tub, hot tub, jacuzzi, sauna, bubble bath, locker room, "
     "changing room, dressing room, shower room, bath time, bathtime, bañera, bañándose, ducha, duchándose, "
     "baignoire, sous la douche, douche, vasca da bagno, sotto la doccia, doccia, banheira, chuveiro, "
     "tomando banho, badewanne, dusche, duschen, duscht, unter der dusche, badkuip, in bad, onder de douche, "
     "badkar, badekar, kylpyammeessa, suihkussa, w wannie, pod prysznicem, vana, ve vaně, ve sprše, ванна, "
     "ванне, ванной, душ, душе, под душем, fürdőkád, zuhany, küvet, küvette, duşta, banyoda, banyo, "
     "μπανιέρα, ντους, حوض الاستحمام, تستحم, يستحم, حمام, وان حمام, אמבטיה, מקלחת, नहाते, नहाती, नहाना, স্নান, "
     "গোসল, 浴缸, 洗澡, 淋浴, 浴室, 泡澡, 入浴, お風呂, 風呂, シャワー, 浴槽, 温泉, 목욕*, 샤워*, 욕조*, "
     "อาบน้ำ, อ่างอาบน้ำ, tắm, bồn tắm, mandi, bak mandi, naliligo, kuoga"},
    {"en bed", bed, true, "bedsheets"},
    {"en bed", bed, false,
     "bed, beds, bedroom, mattress, pillow fight, bed sheets, under the sheets, under the covers, on the "
     "sheets, hotel room, motel room, pajamas, pyjamas, sleepwear, en la cama, cama, na cama, au lit, dans "
     "le lit, sur le lit, nel letto, sul letto, a letto, letto, im bett, bett, auf dem bett, in bed, op bed, "
     "i sengen, i sängen, sängyssä, w łóżku, łóżko, łóżku, v posteli, na posteli, u krevetu, krevet, в "
     "постели, на кровати, кровать, кровати, ágyban, ágyon, yatakta, yatak, κρεβάτι, στο κρεβάτι, السرير, "
     "سرير, تخت, מיטה, במיטה, बिस्तर, বিছানা, 床上, 卧室, ベッド, 布団, 寝室, 침대*, 침실*, บนเตียง, เตียง, "
     "trên giường, giường, di kasur, di ranjang, tempat tidur, ranjang, kitandani, sa kama"},
    // Clothing in general: no reason to refuse, but the end of every exception.
    {"clothing", clothing, false,
     "clothes, clothing, dress, dresses, skirt, skirts, shirt, shirts, t shirt, tshirt, blouse, pants, "
     "trousers, shorts, jeans, leggings, tights, socks, stockings, outfit, uniform, wearing, wears, wear, "
     "dressed, garment, garments, costume, gown, sweater, hoodie, robe, robes, ropa, vestido, falda, "
     "vêtements, robe courte, jupe, kleidung, kleid, vestiti, gonna, одежда, одежду, платье, юбка, 衣服, "
     "裙子, 服, ドレス, スカート, 옷*"},
    {"outerwear", clothing | outerwear, false,
     "coat, coats, jacket, jackets, hat, hats, cap, glasses, sunglasses, shoes, shoe, gloves, glove, scarf, "
     "boots, helmet, mask, masks, backpack, watch, tie, belt, apron, headphones, headset, goggles, ring, "
     "rings, necklace"},
    {"body words", clothing, false, "body, skin, legs, barefoot, chest"},
    // Adult evidence. Kinship and professions are none: they may be said of somebody else in the scene.
    {"adult", adult, false,
     "adult, adults, grown up, grown ups, grown woman, grown man, grown women, grown men, middle aged, "
     "elderly, university student, university students, college student, college students, adult woman, "
     "adult man, of legal age, over 18, over eighteen, over 21, 18 plus, in her twenties, in her thirties, "
     "in her forties, in his twenties, in his thirties, in their twenties, adulta, adulto, adultas, adultos, "
     "adulte, adultes, erwachsene*, volwassen*, voksen*, vuxen*, dorosł*, dospěl*, взросл*, доросл*, "
     "yetişkin*, ενήλικ*, felnőtt*, بالغ, بالغة, בוגר, בוגרת, वयस्क, 成人, 成年人, 大人, 성인*, ผู้ใหญ่, người "
     "lớn, dewasa"},
    {"persons", person, false,
     "person, people, her, him, them, me, she, he, someone, somebody, woman, man, women, men, lady, guy, "
     "actress, actor, boss, wife, husband, girlfriend, boyfriend, friend, neighbor, neighbour, teacher, "
     "mother, father, singer, model, colleague, selfie, face, grandmother, grandfather, celebrity, portrait"},
};

}  // namespace

std::span<const CueRow> context_rows() {
    return context_cues;
}

}  // namespace ourvidz::safety
