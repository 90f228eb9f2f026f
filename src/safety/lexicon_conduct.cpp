#include "safety/lexicon.h"

namespace ourvidz::safety {

namespace {

constexpr CueRow conduct_cues[] = {
    {"non-consensual", non_consensual, true,
     "upskirt, nonconsensual, rape, raped, raping, rapist, molest, molested, molesting, groping"},
    {"non-consensual", non_consensual, false,
     "non consensual, noncon, non con, without consent, without her consent, without his consent, without "
     "their consent, revenge porn, upskirting, sexual assault, sexually assaulted, gang rape, date rape, "
     "molestation, violación sexual, violada, viol collectif, vergewaltig*, stupro, stuprata, estupro, "
     "gwałt, изнасилован*, tecavüz, اغتصاب, 强奸, 強姦, レイプ, 강간*, بالإكراه, hiếp dâm, pemerkosaan, "
     "diperkosa, znásiln*"},
    {"non-consensual hint", non_consensual_hint, false,
     "forced, forcing, forcibly, forces, against her will, against his will, against their will, unwilling, "
     "unwillingly, drugged, unconscious, passed out, knocked out, hidden camera, hidden cam, spy cam, "
     "spycam, secretly, secret photo, secretly filmed, secretly photographed, without her knowing, without "
     "his knowing, without their knowing, without her knowledge, without his knowledge, without their "
     "knowledge, voyeur, voyeuristic, peeping, peeping tom, coerced, blackmailed, blackmail, kidnapped, "
     "hostage, tied up, captive, helpless, struggling, resisting, begging to stop, says no, said no, leaked, "
     "while asleep, while sleeping, while she sleeps, while she is asleep, unaware, creepshot, creep shot, "
     "humiliate, humiliated, does not know, doesn t know, do not know, don t know, not aware, has no idea, "
     "no idea that, behind her back, behind his back, without knowing, cámara oculta, a la fuerza, sin su "
     "consentimiento, contra su voluntad, caméra cachée, contre son gré, sans son consentement, à son insu, "
     "gegen ihren willen, heimlich, versteckte kamera, ohne ihr wissen, di nascosto, contro la sua volontà, "
     "скрытая камера, против воли, насильно, 偷拍, 迷晕, 盗撮, 無理やり, 몰래*, 강제로, gizli kamera, zorla"},
    {"undressing", undressing, true, "nudify, nudified, deepnude, undresser"},
    {"undressing", undressing, false,
     "deep nude, undress her, undress him, undress them, undress me, undress this, undress the, undress my, "
     "undress a, undress every, strip her, strip him, strip them, strip this woman, strip this man, strip "
     "the woman, strip the man, strip the person, declothe, unclothe, unclothe her, unclothe him, see "
     "through her, see through his, see through their clothes, see through clothes, x ray clothes, xray "
     "clothes, clothes remover, clothing remover, cloth remover, remove clothes, make her naked, make him "
     "naked, make them naked, make her nude, make him nude, make me nude, what she looks like under, what he "
     "looks like under, looks like underneath, under her clothes, under his clothes, underneath her clothes, "
     "underneath his clothes, without what she is wearing, without what he is wearing, erase her clothes, "
     "erase his clothes, quitarle la ropa, quita la ropa, quítale la ropa, desnúdala, desvestir, déshabille "
     "la, déshabille le, enlève ses vêtements, enlever les vêtements, zieh sie aus, zieh ihn aus, kleidung "
     "entfernen, entferne die kleidung, entferne ihre kleidung, spogliala, togli i vestiti, togliere i "
     "vestiti, tirar a roupa, tire a roupa, remova a roupa, раздень, раздеть, сними одежду, снять одежду, "
     "убери одежду, rozbierz, zdejmij ubranie, soy onu, kıyafetlerini çıkar, elbiselerini çıkar, 脱掉衣服, "
     "去掉衣服, 脱衣, 去衣, 服を脱がせ, 服を消し, 服を脱がす, 옷을 벗겨, 옷 벗기기, cởi quần áo, buka baju, "
     "lepas baju, lepaskan pakaian, اخلع ملابس, خلع ملابس, إزالة الملابس, कपड़े उतारो, कपड़े हटाओ"},
    {"removal verbs", removal_verb, false,
     "remove, removes, removing, removed, take off, taking off, takes off, took off, strip, stripping, strip "
     "off, erase, erasing, delete, deleting, get rid of, peel off, pull off, pulling off, rip off, ripping "
     "off, tear off, eliminate, edit out, photoshop out, slip off, slips off, lift up"},
    {"de-aging", de_aging, true, "deage, deaged, deaging"},
    {"de-aging", de_aging, false,
     "de age, de aged, de aging, make her younger, make him younger, make them younger, make me younger, "
     "make this person younger, make this woman younger, make this man younger, make the woman younger, make "
     "the man younger, make the person younger, make her look younger, make him look younger, make them look "
     "younger, make me look younger, make it look younger, look younger, look much younger, look years "
     "younger, look like a child, look like a kid, look like a teen, look like a teenager, look like a "
     "little girl, look like a little boy, look like a young girl, look like a young boy, look like a "
     "schoolgirl, look underage, look like a baby, look prepubescent, younger version of, a younger version, "
     "child version of, kid version of, teen version of, teenage version of, baby version of, as a child "
     "version, turn her into a child, turn him into a child, turn them into a child, turn me into a child, "
     "turn her into a kid, turn him into a kid, turn her into a teen, turn her into a teenager, turn him "
     "into a teenager, turn her into a girl, turn into a child, turn her into a little girl, turn him into a "
     "little boy, turn her into a toddler, age regression, regress her age, regress his age, reverse aging, "
     "reverse her age, reverse his age, reduce her age, reduce his age, lower her age, years off her, years "
     "off his, take years off, age down, aged down, rejuvenecer, más joven, rajeunir, verjünge*, jünger "
     "machen, ringiovanire, mais jovem, омолодить, сделай моложе, помоложе, odmłodź, gençleştir, 变年轻, "
     "變年輕, 年轻化, 若返らせ, 若くして, 젊게, 어려 보이게, làm trẻ lại, اجعلها أصغر, छोटा दिखाओ, buat "
     "lebih muda"},
    {"younger", younger, false, "younger, youthful, much younger"},
    {"change verbs", change_verb, false,
     "make, makes, making, made, turn, turns, turning, turned, transform, transforms, transforming, change, "
     "changing, convert, converting, morph, morphing, edit, render, redraw, reimagine"},
    {"change into", change_into, false,
     "into, look like, looks like, as, appear, back into, become, back to"},
    {"real person", real_person, true, "deepfake, deepfakes, deepfaked, faceswap, faceswapped, faceswapping"},
    {"real person", real_person, false,
     "deep fake, deep fakes, face swap, face swaps, face swapping, face swapped, swap face, swap faces, swap "
     "her face, swap his face, swap the face, swap the faces, swap my face, swap in the face, replace the "
     "face with, replace her face, replace his face, put her face on, put his face on, put my face on, s "
     "face on, face onto, face on this body, face on her body, face on his body, face on the body, face on a "
     "body, face on another body, put the face of, put their face on, face of my ex, with the face of, face "
     "of the real, in the likeness of, exact likeness of, her likeness, his likeness, look like the real, "
     "looks like the real, look exactly like, looks exactly like, looking exactly like, lookalike of, look "
     "alike of, indistinguishable from the real, impersonate, impersonating, pass as the real, pass for the "
     "real, fake photo of, fake picture of, fake video of, fake nude of, fake news photo of, real celebrity, "
     "cambiar la cara, cambia la cara, intercambio de caras, échange de visage, remplacer le visage, gesicht "
     "tauschen, gesicht austauschen, scambia il volto, scambio di volti, trocar o rosto, дипфейк, замена "
     "лица, замени лицо, yüz değiştirme, 换脸, 換臉, 深度伪造, 顔交換, ディープフェイク, 顔を入れ替え, "
     "딥페이크*, 얼굴 합성, hoán đổi khuôn mặt, تبديل الوجه, تزييف عميق, चेहरा बदलो, tukar wajah, podmień "
     "twarz"},
};

}  // namespace

std::span<const CueRow> conduct_rows() {
    return conduct_cues;
}

}  // namespace ourvidz::safety
