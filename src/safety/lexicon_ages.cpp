#include "safety/lexicon.h"

namespace ourvidz::safety {

namespace {

constexpr RoleRow roles[] = {
    {year_unit,
     "year, years, yr, yrs, y, año, años, an, ans, anni, anno, ano, anos, jahr, jahre, jahren, jaar, år, "
     "vuotta, vuotias, lat, lata, let, roky, rokov, rok, года, год, лет, років, роки, рік, години, година, "
     "godina, godine, metų, gadi, gadus, év, évek, ετών, χρονών, χρόνια, yıl, il, سنة, سنوات, عام, أعوام, "
     "عاما, سال, سالہ, شנים, שנים, שנה, साल, वर्ष, वर्षे, বছর, வயது, సంవత్సరాల, ವರ್ಷ, വയസ്സ്, ਸਾਲ, વર્ષ, ปี, năm, "
     "tahun, taon, miaka, anys, ani, viti, vjeç, წლის, տարեկան, jaroj"},
    {age_unit,
     "yo, yos, yearold, yearolds, yrold, yrolds, añitos, jährig*, jarig*, jarige, vuotia*, åring*, aring, "
     "letni*, letnia, letniej, letý, letá, летн*, летняя, летней, річн*, годишн*, éves*, yaş, yaşında, "
     "yaşındaki, yaşlı, ετών, χρονο, साल की, बरस, बर्षीय, वर्षीय, বছরের, বছর বয়সী, வயதான, tuổi, 歳, 歳の, 才, "
     "岁, 岁的, 歲, 歲的, 살, 살짜리, 세, 살의, ขวบ, ساله, taong gulang, umri wa, anyos, гадоў, jarige"},
    {old_word,
     "old, olds, alt, alte, alter, altes, vieux, vecchio, viejo, of age, de edad, de idade, d âge, di età, "
     "oud, oude, gammal, gammel, gulang, starý, stará, young"},
    {aged_word,
     "aged, age, ages, edad, idade, âge, âgé, âgée, âgés, âgées, età, wiek, wieku, věk, věku, возраст, "
     "возрасте, віком, alder, ålder, leeftijd, ikä, kora, yaşı, ηλικία, ηλικίας, عمره, عمرها, عمر, سنها, בת, "
     "בן, בגיל, उम्र, আয়ু, বয়স, วัย, อายุ, umur, usia, berusia, berumur, lên, edad na, 年龄, 年齢, 나이, barely, "
     "im alter von, godine, vârsta, vârstă"},
    {month_unit,
     "month, months, week, weeks, day, days, mes, meses, mois, monate, mesi, maanden, mo, месяц*, miesięcy, "
     "ay, 个月, か月"},
    {ordinal_ending, "st, nd, rd, th, er, ème, eme, º, ª"},
    {grade_word, "grade, grader, graders, grades, graded"},
    {school_year, "grade, year, class, klasse, clase, classe, form, klass, klasa, класс, класса, standard"},
    {pupil_word,
     "student, students, pupil, pupils, class, classroom, girl, girls, boy, boys, schooler, school, kid, "
     "kids, learner, learners, schüler, schülerin, alumna, alumno, élève, eleve, uczennica, ученица, ученик"},
    {birthday_word,
     "birthday, birthdays, cumpleaños, anniversaire, geburtstag, compleanno, aniversário, verjaardag, "
     "urodziny, рождения"},
    {born_word,
     "born, birthdate, dob, nacida, nacido, née, né, geboren, nata, nato, nascida, nascido, родилась, "
     "родился, рожденн*, urodzona, urodzony, narozen*, född, født, doğumlu, doğan, 出生, 生まれ, 年生まれ, "
     "년생, sinh"},
    {under_word,
     "under, below, younger, less, not, before, nearly, almost, short, beneath, menor, menores, moins, "
     "unter, minder, sotto, meno, младше, до, poniżej, altında, 以下, 未満, 未满, 미만, dưới, dibawah"},
    {turning_word, "turning, turned, turns, turn, celebrating, cumple, cumplir"},
    {duration_noun,
     "anniversary, warranty, guarantee, contract, plan, lease, ago, war, celebration, experience, slave, "
     "term, loan, mortgage, subscription, forecast, history, span, journey, mission, drought, later, time, "
     "period, garantía, garantie, garanzia, cycle, reunion, sentence, strategy, project, cruise, of"},
    {half_word, "half, halves"},
    {minus_word, "minus, less"},
    {plus_word, "plus, and"},
    {look_word,
     "look, looks, looking, looked, seems, seem, appears, appearing, resembles, resembling, passes, "
     "mistaken, parece, wirkt, aussieht, sembra, выглядит, exudes"},
    {be_word,
     "is, are, was, am, m, being, s, re, es, ist, est, è, tiene, tem, ha, jest, only, just, barely, merely, "
     "still, girl, boy, she, he, her, him, lad, lass, person, student, model, one, dancer, gymnast, "
     "daughter, son, sister, brother, niece, nephew"},
    {coordinator, "and, with, und, y, et, e, mit, con, avec, plus, och, og, z, и, next"},
    {sex_letter, "f, m, fem, female, male"},
    {small_word,
     "of, in, a, an, than, the, age, is, was, only, just, about, around, approximately, de, en, el, la, von, "
     "von, du, di, w, v, в, er, exactly, s, to, or, quite, yet, even, still, like, for, i, nel, em, ve, "
     "from, on"},
};

constexpr NumberRow numbers[] = {
    {0, 0, "zero"},
    {1, 0, "one, uno, una, un, une, eins, ein, 一"},
    {2, 0, "two, dos, deux, zwei, due, dois, twee, dwa, два, iki, 二"},
    {3, 0, "three, tres, trois, drei, tre, três, drie, trzy, три, üç, 三"},
    {4, 0, "four, cuatro, quatre, vier, quattro, quatro, cztery, четыре, dört, 四"},
    {5, 0, "five, cinco, cinq, fünf, cinque, vijf, pięć, пять, пяти, beş, 五"},
    {6, 0, "six, seis, sechs, sei, zes, sześć, шесть, шести, altı, 六"},
    {7, 0, "seven, siete, sept, sieben, sette, sete, zeven, siedem, семь, семи, yedi, 七"},
    {8, 0, "eight, ocho, huit, acht, otto, oito, osiem, восемь, восьми, sekiz, 八"},
    {9, 0, "nine, nueve, neuf, neun, nove, negen, dziewięć, девять, девяти, dokuz, 九"},
    {10, 0, "ten, diez, dix, zehn, dieci, dez, tien, dziesięć, десять, десяти, 十"},
    {11, 0, "eleven, once, onze, elf, undici, jedenaście, одиннадцать, одиннадцати, 十一"},
    {12, 0,
     "twelve, doce, douze, zwölf, dodici, doze, twaalf, dwanaście, двенадцать, двенадцати, dozen, 十二"},
    {13, 0,
     "thirteen, trece, treize, dreizehn, tredici, treze, dertien, trzynaście, тринадцать, тринадцати, 十三"},
    {14, 0,
     "fourteen, catorce, quatorze, vierzehn, quattordici, catorze, veertien, czternaście, четырнадцать, "
     "четырнадцати, 十四"},
    {15, 0,
     "fifteen, quince, quinze, fünfzehn, quindici, vijftien, piętnaście, пятнадцать, пятнадцати, 十五"},
    {16, 0,
     "sixteen, dieciséis, seize, sechzehn, sedici, dezesseis, zestien, szesnaście, шестнадцать, шестнадцати, "
     "十六"},
    {17, 0,
     "seventeen, diecisiete, siebzehn, diciassette, dezessete, zeventien, siedemnaście, семнадцать, "
     "семнадцати, 十七"},
    {18, 0, "eighteen, dieciocho, achtzehn, diciotto, dezoito, achttien, osiemnaście, восемнадцать, 十八"},
    {19, 0, "nineteen, diecinueve, neunzehn, diciannove, dezenove, negentien, dziewiętnaście, 十九"},
    {20, 0, "twenty, veinte, vingt, zwanzig, venti, vinte, twintig, dwadzieścia, двадцать, yirmi, 二十"},
    {30, 0, "thirty, treinta, trente, dreißig, trenta, trinta, dertig, trzydzieści, тридцать, 三十"},
    {40, 0, "forty, cuarenta, quarante, vierzig, quaranta, veertig, сорок, 四十"},
    {50, 0, "fifty, cincuenta, cinquante, fünfzig, cinquanta, vijftig, пятьдесят, 五十"},
    {60, 0, "sixty"},
    {70, 0, "seventy"},
    {80, 0, "eighty"},
    {90, 0, "ninety"},
    {1, ordinal_word, "first"},
    {2, ordinal_word, "second"},
    {3, ordinal_word, "third"},
    {4, ordinal_word, "fourth"},
    {5, ordinal_word, "fifth"},
    {6, ordinal_word, "sixth"},
    {7, ordinal_word, "seventh"},
    {8, ordinal_word, "eighth"},
    {9, ordinal_word, "ninth"},
    {10, ordinal_word, "tenth"},
    {11, ordinal_word, "eleventh"},
    {12, ordinal_word, "twelfth"},
    {13, ordinal_word, "thirteenth"},
    {14, ordinal_word, "fourteenth"},
    {15, ordinal_word, "fifteenth"},
    {16, ordinal_word, "sixteenth"},
    {17, ordinal_word, "seventeenth"},
    {6, roman, "vi"},
    {7, roman, "vii"},
    {8, roman, "viii"},
    {9, roman, "ix"},
    {11, roman, "xi"},
    {12, roman, "xii"},
    {13, roman, "xiii"},
    {14, roman, "xiv"},
    {15, roman, "xv"},
    {16, roman, "xvi"},
    {17, roman, "xvii"},
};

}  // namespace

std::span<const RoleRow> role_rows() {
    return roles;
}
std::span<const NumberRow> number_rows() {
    return numbers;
}
const char* disguised_age_words() {
    return "years, yearold, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, seven, eight, "
           "three, grader, graders";
}

}  // namespace ourvidz::safety
