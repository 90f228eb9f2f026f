#include "safety/lexicon.h"

namespace ourvidz::safety {

namespace {

constexpr CueRow youth_cues[] = {
    // English. Keys are also found in disguise.
    {"en", youth, true,
     "child, children, toddler, toddlers, teen, teens, teenager, teenagers, preteen, preteens, tween, "
     "tweens, schoolgirl, schoolgirls, schoolboy, schoolboys, schoolchild, schoolchildren, schoolkid, "
     "schoolkids, underage, adolescent, adolescents, infant, infants, newborn, newborns, youngster, "
     "youngsters, kiddo, kiddos, kindergartner, kindergartener, preschooler, preschoolers, prepubescent, "
     "pubescent, kindergarten, preschool"},
    {"en", youth, true, "kid, kids, kiddie, kiddies, baby, babies, teenage, teenaged, minors"},
    {"en", youth, false,
     "childs, babys, tyke, tykes, wee lass, wee lad, wee one, little one, little ones, first grader, first "
     "graders, pre teen, pre teens, under age, school girl, school girls, school boy, school boys, school "
     "child, school children, school class, school classes, school kid, school kids, school age, school "
     "aged, young child, young children, little girl, little girls, little boy, little boys, young girl, "
     "young girls, young boy, young boys, small girl, small boy, tiny girl, tiny boy, girl child, boy child, "
     "baby girl, baby boy, little kid, little sister, little brother, kid sister, kid brother, baby sister, "
     "baby brother, little lady, little princess, young teen, young teens, early teens, mid teens, high "
     "schooler, high schoolers, middle schooler, middle schoolers, grade schooler, grade schoolers, "
     "elementary schooler, junior high, middle school, elementary school, primary school, grade school, "
     "nursery school, high school student, high school students, high school girl, high school girls, high "
     "school boy, high school boys, high school cheerleader, secondary school student, secondary school "
     "pupil, school pupil, school pupils, boy scout, boy scouts, girl scout, girl scouts, cub scout, cub "
     "scouts, brownie scout, girl guide, girl guides, babe in arms, rugrat, rugrats, child actor, child "
     "actress, child model, child star, nursery, little league, tooth fairy, baby teeth, milk teeth, bar "
     "mitzvah, bat mitzvah, quinceanera, sweet sixteen, first communion, grandchild, grandchildren, "
     "stepchild, stepchildren, godchild, foster child, youngling, younglings, munchkin, daycare, day care, "
     "kinder garten, juvenile girl, juvenile boy, girlhood, boyhood, childhood"},
    {"en paraphrase", youth, false,
     "not yet 18, not yet eighteen, not 18 yet, not an adult, not yet an adult, not yet adult, not a grown "
     "up, not yet of age, not of age, below the age of consent, under the age of consent, below legal age, "
     "under legal age, below the legal age, under the legal age, below the age of majority, under the age of "
     "majority, too young to drive, too young to vote, too young to drink, too young to date, too young to "
     "consent, too young to marry, too young to shave, cannot vote yet, not old enough to drive, not old "
     "enough to vote, not old enough to drink, not old enough to work, not old enough to be, not old enough "
     "to, isn t old enough, is not old enough, not even a teenager, not grown up yet, hasn t grown up, years "
     "from adulthood, years away from adulthood, before adulthood, yet to reach adulthood, has not reached "
     "adulthood, hasn t reached adulthood, before puberty, started puberty, starting puberty, reached "
     "puberty, hit puberty, hitting puberty, entering puberty, going through puberty, in puberty, hasn t hit "
     "puberty, onset of puberty, barely legal, almost legal, not legal yet, nearly legal, years short of "
     "eighteen, years short of 18, short of her eighteenth, short of his eighteenth, learning to walk, "
     "learned to walk, learning to read, learning the alphabet, losing teeth, lost a tooth, first tooth, "
     "still in school uniform, half her mother s age, half his father s age, in her teens, in his teens, in "
     "their teens, in early teens, in the early grades, in class with the other pupils, needs a babysitter, "
     "with a babysitter, playground friend, playground friends, recess, school recess, show and tell, third "
     "form, fourth form, fifth form, lower school, lower sixth, key stage, reception class, young one, young "
     "ones, youngest in the family, smallest of the siblings, somebody s daughter in school, pupil of a "
     "primary, still a minor, legally a minor, legal minor, as a minor, of minors, a minor child"},
    {"en hint", youth_hint, true,
     "minor, juvenile, juveniles, underaged, youthful, childlike, girlish, boyish, girly"},
    {"en hint", youth_hint, false,
     "junior, juniors, youth, youths, pupil, pupils, high school, high schools, school uniform, school "
     "uniforms, sailor uniform, freshman, sophomore, small for her age, small for his age, small for their "
     "age, looks young, looks very young, looking very young, looks younger, younger than she looks, younger "
     "looking, young looking, youthful looking, baby face, baby faced, babyface, babyfaced, flat chested, "
     "flat chest, undeveloped, innocent looking, daughter, daughters, my son, his son, her son, our son, s "
     "son, tots, niece, nephew, granddaughter, grandson, stepdaughter, stepson, goddaughter, godson, "
     "pigtails, single digit, single digits, believes in santa, believe in santa, come of age in, come of "
     "age next, short of adulthood, growth spurt, age of consent, legal age, age of majority, booster seat, "
     "car seat, high chair, stroller, pram, pushchair, pacifier, dummy in the mouth, crib, cradle, cot, "
     "lullaby, crayons, plays with dolls, playing with dolls, plays with toys, playing with toys, plays "
     "hopscotch, tie shoelaces, tying shoelaces, tie her shoes, tie his shoes, tuck her in, tuck him in, "
     "tucked in by, teddy bear in, stuffed toy in, spelling test, times tables, first grade, school bus, "
     "school bag, schoolbag, cartoon backpack, parental permission, parents permission, needs a guardian, "
     "legal guardian, sibling, siblings, youngest, lunchbox, lunch box, permission slip, report card, "
     "training wheels, nap time, naptime, homework, pocket money, playdate, play date, school trip, "
     "chaperone, braces on her teeth, dolly, petite body, tiny body, young looking person, school, "
     "classroom, playground, lolita fashion, chibi, cub, lass, lassie, lad, laddie, ten something, student "
     "council, homeroom, scout camp, summer camp, orphan, orphans"},
    {"en ambiguous", girl_boy, true, "girl, girls, boys"},
    {"en ambiguous", girl_boy, false,
     "boy, girlie, gal, young lady, young person, young people, young model, young one"},
    {"barred from", barred, false,
     "cannot, can t, cant, not allowed, unable, too young, not old enough, isn t old enough, forbidden, not "
     "permitted, may not, never been allowed, has yet, hasn t, has not, not yet, won t, must wait, waiting, "
     "years before, years until, long before"},
    {"what adults may", adult_privilege, false,
     "drive, driving, driver s license, driver s licence, drivers license, driving licence, vote, voting, "
     "drink alcohol, buy alcohol, drink beer, order a beer, order a drink, marry, consent, enlist, rent a "
     "car, sign a contract, see an r rated, adulthood, full age, of age, puberty, secondary school, high "
     "school, graduate, graduated from high school, grow up, grown up"},
    {"codes", minor_sexual, true,
     "lolicon, shotacon, jailbait, kidporn, pedophile, paedophile, pedophilia, paedophilia"},
    {"codes", minor_sexual, false,
     "loli, lolis, shota, shotas, preteen model, preteen models, child porn, kiddie porn, child erotica, "
     "pedo, paedo, pthc, csam, toddlercon, underage model, ロリ, ロリコン, ショタ, 萝莉, 蘿莉, 正太, 로리, "
     "лоли"},
    // Romance
    {"es", youth, false,
     "niña, niñas, niño, niños, niñita, niñito, chiquilla, chiquillo, chiquita, adolescente, adolescentes, "
     "bebé, bebe, bebes, nena, nenita, colegiala, colegialas, colegial, menor de edad, menores de edad, "
     "quinceañera, párvulo, criatura pequeña, muchachita, muchachito, escolar, preadolescente, hija pequeña, "
     "hijo pequeño"},
    {"es", girl_boy, false,
     "chica, chicas, chico, chicos, muchacha, muchacho, muchachas, muchachos, jovencita, jovencito"},
    {"es pt it", youth_hint, false, "nina, nino, ninas, ninos, el niño, la niña"},
    {"pt", youth, false,
     "criança, crianças, criancinha, menina, meninas, menino, meninos, menininha, menininho, garotinha, "
     "garotinho, bebê, bebês, menor de idade, menores de idade, colegiais, pré adolescente, aluna do "
     "primário, infantil"},
    {"pt", girl_boy, false, "garota, garotas, garoto, garotos, rapariga, raparigas, rapaz, moça, moço"},
    {"fr", youth, false,
     "enfant, enfants, fillette, fillettes, garçonnet, gamin, gamine, gamins, gamines, bébé, bébés, bambin, "
     "bambins, petite fille, petites filles, petit garçon, petits garçons, jeune fille, jeunes filles, jeune "
     "garçon, un ado, une ado, ados, adolescente, mineur, mineure, mineurs, mineures, collégien, "
     "collégienne, collégiennes, lycéen, lycéenne, lycéennes, écolier, écolière, écolières, gosse, gosses, "
     "nourrisson, préado, môme"},
    {"fr", girl_boy, false, "fille, filles, garçon, garçons"},
    {"it", youth, false,
     "bambina, bambine, bambino, bambini, bimba, bimbe, bimbi, ragazzina, ragazzine, ragazzino, ragazzini, "
     "neonato, neonata, minorenne, minorenni, scolara, scolaretta, scolaro, fanciulla, fanciullo, piccina"},
    {"it", girl_boy, false, "ragazza, ragazze, ragazzo, ragazzi"},
    {"ro", youth, false,
     "copil, copii, copilul, copila, copiii, fetiță, fetițe, fetița, băiețel, băieței, bebeluș, minoră, "
     "minori, adolescentă, adolescenți, elevă, eleve, școlăriță"},
    {"ro", girl_boy, false, "fată, băiat"},
    {"ca", youth, false, "nena petita, nen petit, nens, nenes, noieta, infants, xiqueta"},
    // Germanic
    {"de", youth, false,
     "kinder, kindes, kindern, kleinkind, kleinkinder, kleinkindes, kleinkinds, schulkind, schulkinder, "
     "mädchen, mädchens, knabe, knaben, bub, buben, säugling, säuglinge, jugendliche, jugendlicher, "
     "jugendlichen, minderjährig*, schulmädchen, schülerin, schülerinnen, schüler, grundschüler*, "
     "grundschulkind, kindergartenkind, teenie, teenies, heranwachsende, ein kind, das kind, dem kind, kein "
     "kind, eines kind, einem kind, kind im, kind in, kind mit, kind am, kleines kind, kleinen kind, junges "
     "kind, foto kind, nacktes kind, vorpubertär*, backfisch"},
    {"de", girl_boy, false, "junge frau, jungs, mädel, mädels"},
    {"de", youth, false, "kleiner junge, kleinen jungen, ein junge im, junge im, junge in, junge mit"},
    {"ages in one word", youth, false,
     "zweijährig*, dreijährig*, vierjährig*, fünfjährig*, sechsjährig*, siebenjährig*, achtjährig*, "
     "neunjährig*, zehnjährig*, elfjährig*, zwölfjährig*, dreizehnjährig*, vierzehnjährig*, fünfzehnjährig*, "
     "sechzehnjährig*, siebzehnjährig*, zesjarig*, zevenjarig*, achtjarig*, negenjarig*, tienjarig*, "
     "elfjarig*, twaalfjarig*, dertienjarig*, veertienjarig*, vijftienjarig*, zestienjarig*, "
     "zeventienjarig*, seienne, settenne, ottenne, novenne, decenne, undicenne, dodicenne, tredicenne, "
     "quattordicenne, quindicenne, sedicenne, diciassettenne, sześcioletni*, siedmioletni*, ośmioletni*, "
     "dziewięcioletni*, dziesięcioletni*, jedenastoletni*, dwunastoletni*, trzynastoletni*, "
     "czternastoletni*, piętnastoletni*, szesnastoletni*, siedemnastoletni*, пятилетн*, шестилетн*, "
     "семилетн*, восьмилетн*, девятилетн*, десятилетн*, одиннадцатилетн*, двенадцатилетн*, тринадцатилетн*, "
     "четырнадцатилетн*, пятнадцатилетн*, шестнадцатилетн*, семнадцатилетн*, desetilet*, jedenáctilet*, "
     "dvanáctilet*, třináctilet*, čtrnáctilet*, patnáctilet*, šestnáctilet*, sedmnáctilet*, tioåring*, "
     "elvaåring*, tolvåring*, trettonåring*, fjortonåring*, femtonåring*, sextonåring*, sjuttonåring*, "
     "kymmenvuotia*, kaksitoistavuotia*, kolmetoistavuotia*, neljätoistavuotia*, tízéves*, tizenkétéves*, "
     "tizenhároméves*, tizennégyéves*"},
    {"nl", youth, false,
     "kinderen, kindje, kindjes, een kind, het kind, meisje, meisjes, jongetje, jongetjes, peuter, peuters, "
     "kleuter, kleuters, minderjarig*, tiener*, scholier, scholiere, scholieren, schoolmeisje, "
     "schoolmeisjes, puber"},
    {"sv no da", youth, false,
     "barnet, barnen, barna, børn i, børn på, børn med, to børn, små børn, børnene, ett barn, et barn, små "
     "barn, lite barn, barn i, barn på, barn med, småbarn, flicka, flickor, pojke, pojkar, liten flicka, "
     "lille pige, pige, piger, liten jente, småjente, tonåring*, tonårs*, tenåring*, tenårs*, mindreårig*, "
     "spädbarn, baby jente, skolflicka, skolepige, skolejente, smårolling"},
    {"sv no da", girl_boy, false, "jente, jenter, tjej, dreng, drenge, gutt"},
    {"is", youth, false, "stelpa, stúlka, krakki, krakkar, unglingur"},
    {"fi", youth, false,
     "lapsi, lapsen, lapset, lapsia, lasta, lapsesta, tyttö, tytöt, tytön, poika, pojat, taapero, taaperot, "
     "teini, teinit, alaikäi*, koululainen, koulutyttö, vauva, vauvat, pikkutyttö"},
    {"et", youth, false, "väike laps, väikese lapse, tüdruk, tüdrukud, väike poiss, alaeali*, teismeline"},
    // Slavic and Baltic
    {"pl", youth, false,
     "dziecko, dzieci, dziecka, dzieckiem, dziewczynk*, chłopiec, chłopczyk*, chłopca, niemowl*, nastolatk*, "
     "nastolatek, nieletni*, małoletni*, uczennic*, przedszkolak*, mała dziewczyn*"},
    {"pl", girl_boy, false, "dziewczyna, dziewczyny, dziewczyną"},
    {"cs sk", youth, false,
     "dítě, děti, dítěte, dieťa, deti, dětmi, holčičk*, dievčatk*, dievča, dievčat*, chlapeček, chlapček, "
     "chlapec, nezletil*, mladistv*, školačk*, batole, batolata, kojenec, náctilet*, žákyně, malá holka"},
    {"cs", girl_boy, false, "holka, holky, dívka, dívky"},
    {"hr sr sl", youth, false,
     "dijete, djeca, dete, deca, djevojčic*, devojčic*, deklic*, dječak*, dečak*, otrok, otroci, maloletn*, "
     "maloljetn*, tinejdžer*, najstnic*, učenic*, beba, малолетн*, дете, деца, девојчиц*, дечак*"},
    {"ru", youth, false,
     "ребенок, ребёнок, ребенка, ребёнка, ребенком, ребенку, дети, детей, детям, детьми, девочк*, девчушк*, "
     "мальчик*, мальчишк*, малыш*, малютк*, школьниц*, школьник*, подрост*, несовершеннолетн*, малолет*, "
     "младен*, тинейджер*, дошколь*, первоклассниц*, первоклассник*, ученица, ученицы, детсадов*, юная, "
     "юной, юную"},
    {"ru", girl_boy, false, "девчонк*"},
    {"uk", youth, false,
     "дитина, дитини, дитину, діти, дітей, дівчинк*, хлопчик*, немовля, підліт*, школярк*, школяр, "
     "неповнолітн*, малюк*, дитя"},
    {"bg mk", youth, false,
     "детето, децата, момиченц*, момченц*, тийнейджър*, ученичк*, непълнолетн*, бебе, момиче"},
    {"lt lv", youth, false,
     "vaikas, vaikai, vaiko, mergaitė, mergaitės, berniukas, paauglė, nepilnamet*, bērns, bērni, meitene, "
     "zēns, nepilngadīg*"},
    // Other European
    {"hu", youth, false,
     "gyerek*, gyermek*, kislány*, kisfiú*, kiskorú*, tinédzser*, kamasz*, csecsemő*, iskoláslány*, óvodás*, "
     "tinilány*"},
    {"hu", girl_boy, false, "lány, lányok, fiú"},
    {"el", youth, false,
     "παιδί, παιδιά, παιδιού, παιδάκι, κοριτσάκι, κοριτσάκια, αγοράκι, μωρό, μωρά, ανήλικ*, έφηβ*, μαθήτρια, "
     "μαθητής, μαθήτριες, νήπιο"},
    {"el", girl_boy, false, "κορίτσι, κορίτσια, αγόρι"},
    {"sq", youth, false, "fëmijë, fëmija, vajzë e vogël, djalë i vogël, adoleshent*"},
    {"ga cy eu", youth, false,
     "páiste, páistí, cailín beag, plentyn, merch fach, haurra, haurrak, neskatila"},
    // Turkic, Semitic, Iranian
    {"tr", youth, false,
     "çocuk, çocuğu, çocuğun, çocuklar*, çocuğa, kız çocuğu, küçük kız, küçük çocuk, ergen, bebek, bebeği, "
     "reşit olmayan, öğrenci kız, liseli, ilkokul*, ortaokul*, kız öğrenci, erkek çocuk*, yeniyetme"},
    {"tr", girl_boy, false, "kız, kızlar"},
    {"az kk uz", youth, false, "uşaq, uşaqlar, qız uşağı, бала, балалар, қыз бала, bolalar, qizcha, qizaloq"},
    {"ar", youth, false,
     "طفل, طفلة, أطفال, اطفال, الأطفال, صبي, فتاة صغيرة, بنت صغيرة, ولد صغير, قاصر, قاصرة, قاصرات, مراهق, "
     "مراهقة, رضيع, رضيعة, تلميذة, تلميذ, طفلتي"},
    {"ar", girl_boy, false, "فتاة, بنت, بنات, ولد, فتيات"},
    {"fa", youth, false,
     "کودک, کودکان, بچه, بچه‌ها, دختربچه, پسربچه, نوجوان, نوزاد, "
     "دختر "
     "کوچک, "
     "دانش "
     "آموز, "
     "خردسال"},
    {"fa", girl_boy, false, "دختر, پسر"},
    {"ur", youth, false, "بچہ, بچی, بچے, بچوں, نابالغ, کمسن"},
    {"he", youth, false,
     "ילד, ילדה, ילדים, ילדות, ילדונת, תינוק, תינוקת, קטינה, קטין, קטינים, נער, נערה, נערות, תלמידה, פעוט, "
     "פעוטה"},
    // South Asia
    {"hi mr ne", youth, false,
     "बच्चा, बच्ची, बच्चे, बच्चों, बच्चियाँ, बालक, बालिका, नाबालिग, किशोरी, किशोर, शिशु, छोटी लड़की, छोटा लड़का, मुलगी, "
     "मुलगा, मूल, छात्रा, स्कूली"},
    {"hi", girl_boy, false, "लड़की, लड़का, लड़कियाँ"},
    {"bn", youth, false, "শিশু, বাচ্চা, ছোট মেয়ে, ছোট ছেলে, কিশোরী, কিশোর, নাবালিকা, বালিকা"},
    {"bn", girl_boy, false, "মেয়ে, ছেলে"},
    {"pa gu", youth, false, "ਬੱਚਾ, ਬੱਚੀ, ਬੱਚੇ, બાળક, બાળકી, છોકરી, બાળકો"},
    {"ta te kn ml", youth, false,
     "குழந்தை, சிறுமி, சிறுவன், மாணவி, மாணவன், பிள்ளை, பிள்ளைகள், బిడ్డ, పిల్ల, పిల్లలు, అమ్మాయి, బాలిక, బాలుడు, ಮಗು, ಮಕ್ಕಳು, "
     "ಬಾಲಕಿ, കുട്ടി, കുട്ടികൾ, പെൺകുട്ടി"},
    {"si", youth, false, "ළමයා, ළමයි, දරුවා, ගැහැණු ළමයා"},
    {"romanised hi", youth, false, "bachcha, bachchi, bachche, chhoti ladki, nabalig, kishori"},
    // East and South-East Asia
    {"zh", youth, false,
     "小女孩, 小男孩, 女童, 男童, 儿童, 兒童, 幼女, 幼童, 幼儿, 幼兒, 孩子, 小孩, 小孩子, 婴儿, 嬰兒, "
     "未成年, 未成年人, 少女, 少年, 小学生, 小學生, 初中生, 中学生, 中學生, 高中生, 女学生, 青少年, 小朋友, "
     "宝宝, 寶寶, 小姑娘, 小丫头"},
    {"zh", girl_boy, false, "女孩, 男孩, 女生, 男生"},
    {"ja", youth, false,
     "少女, 美少女, 少年, 子供, 子ども, こども, 幼女, 幼児, 女児, 男児, 児童, 小学生, 中学生, 高校生, "
     "女子高生, 女子中学生, 赤ちゃん, 未成年, 園児, 女の子, 男の子, キッズ, ティーン, ティーンエイジャー, "
     "ベビー, 小学校, 中学校"},
    {"ko", youth, false,
     "어린이*, 아이*, 아이들*, 소녀*, 소년*, 초등학생*, 중학생*, 고등학생*, 여고생*, 여중생*, 미성년자*, "
     "미성년*, 아기*, 유아*, 꼬마*, 어린애*, 유치원생*, 여학생*, 남학생*, 학생*, 청소년*, 여자아이*, "
     "남자아이*, 십대*"},
    {"th", youth, false,
     "เด็ก, เด็กหญิง, เด็กชาย, เด็กผู้หญิง, เด็กน้อย, ทารก, วัยรุ่น, เยาวชน, นักเรียน, นักเรียนหญิง, ผู้เยาว์"},
    {"lo km my", youth, false, "ເດັກ, ເດັກນ້ອຍ, ເດັກຍິງ, ក្មេង, កុមារ, កុមារី, ក្មេងស្រី, ကလေး, ကလေးမ, မိန်းကလေး"},
    {"vi", youth, false,
     "trẻ em, trẻ con, em bé, bé gái, bé trai, đứa trẻ, thiếu niên, thiếu nữ, vị thành niên, nữ sinh, học "
     "sinh, trẻ nhỏ, nhi đồng, cô bé, cậu bé"},
    {"vi", girl_boy, false, "cô gái, con gái"},
    {"id ms", youth, false,
     "anak kecil, anak, anak anak, bocah, bocil, balita, bayi, gadis kecil, gadis cilik, remaja, di bawah "
     "umur, bawah umur, siswi, siswa, kanak kanak, budak kecil, budak perempuan"},
    {"id ms", girl_boy, false, "gadis, cewek"},
    {"tl", youth, false,
     "batang babae, batang lalaki, mga bata, isang bata, sanggol, menor de edad, dalagita, binatilyo"},
    {"sw am so", youth, false,
     "mtoto, watoto, msichana mdogo, mvulana mdogo, kijana mdogo, ልጅ, ልጆች, ሕፃን, carruur, ilmo, gabar yar"},
    {"af ha yo zu", youth, false,
     "kinders, dogtertjie, seuntjie, yarinya, ọmọde, ọmọbinrin, ingane, izingane, intombazane"},
    {"ka hy mn", youth, false,
     "ბავშვი, ბავშვები, გოგონა, ბიჭუნა, երեխա, երեխաներ, աղջնակ, хүүхэд, охин хүүхэд"},
    {"eo la", youth, false, "infano, infanoj, knabino, knabo, puella, puer"},
};

}  // namespace

std::span<const CueRow> youth_rows() {
    return youth_cues;
}

}  // namespace ourvidz::safety
