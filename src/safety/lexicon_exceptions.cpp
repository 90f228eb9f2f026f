#include "safety/lexicon.h"

namespace ourvidz::safety {

namespace {

// Phrases in which a word of the other tables is harmless. They count only while nothing about bodies,
// clothing, bed or bath stands elsewhere in the text.
constexpr CueRow exception_cues[] = {
    {"youth", exception, false,
     "baby blue, baby pink, baby powder, baby carrot, baby carrots, baby corn, baby spinach, baby grand, "
     "baby grand piano, baby boomer, baby boomers, baby shower, baby monitor, baby names, baby steps, baby "
     "yoda, baby back ribs, baby bear, children of dune, children of men, village of the damned, children of "
     "the corn, child process, child node, child theme, child class, child element, brain child, inner "
     "child, childs play, teenage engineering, teenage mutant ninja, teenage wasteland, teen titans, teen "
     "spirit, kid rock, kid cudi, kid icarus, billy the kid, cisco kid, karate kid, sundance kid, goat kid, "
     "goat kids, kid goat, kid goats, kid leather, kid gloves, kids menu, spy kids, new kids on the block, "
     "plant nursery, tree nursery, nursery plants, nursery of stars, stellar nursery, star nursery, garden "
     "nursery, native nursery, wall recess, key stage of, infant formula, infant jesus, newborn star, "
     "newborn stars, young adult novel, young adult fiction, girl power, girl friday, boy band, boys band, "
     "bachelor boy, game boy, nintendo game boy, gameboy, cowboy, old boys club, playboy, la niña weather, "
     "el niño weather, el niño storm, el niño phenomenon, baby oil bottle, baby tooth fossil, lost "
     "generation, latch key, latchkey, childhood memories of, nina simone, nino rota, santa maria nina"},
    {"undressed", exception, false,
     "naked eye, naked mole rat, naked mole rats, naked cake, naked wheel, naked bike, naked motorcycle, "
     "naked truth, naked juice, naked tree, naked trees, naked branches, naked flame, naked flames, naked "
     "sword, naked blade, nude lipstick, nude color, nude colour, nude shade, nude shades, nude tones, nude "
     "palette, nude heels, nude pumps, nude nail, nude nails, nude eyeshadow, topless bus, topless jeep, "
     "topless car, topless double decker, bottomless brunch, bottomless pit, bottomless coffee, bottomless "
     "mimosas, undressed salad, undressed stone, undressed timber, half naked trees, stripping paint, paint "
     "stripping, wire stripping, wire stripper, stripping wires, stripping wallpaper, paint stripper, nudity "
     "free, no nudity, without nudity, bare skin of the"},
    {"explicit", exception, false,
     "sex education, same sex, opposite sex, sex ratio, biological sex, sex chromosome, sex chromosomes, "
     "battle of the sexes, sex pistols, sex and the city, sexual reproduction, sexual dimorphism, sexual "
     "selection, sexual health, sexual orientation, asexual, nipple clamp valve, grease nipple, hose nipple, "
     "pipe nipple, xxx large, xxx hot, xxxl, no nsfw, not nsfw, summa cum laude, magna cum laude, cum laude, "
     "erotic eric, super bowl xxx, safe from nsfw"},
    {"suggestive", exception, false,
     "wanderlust, suggestive of, provocative question, provocative title, provocative essay, lust for life, "
     "sultry weather, sultry evening, sultry jazz, sultry voice"},
    {"attire", exception, false,
     "bikini atoll, bikini bottom, tree trunks, tree trunk, elephant trunks, trunks of, steamer trunks, see "
     "through the, see through glass, camisole top pattern, corset piercing, boxers dog, boxer dogs, boxers "
     "fighting, professional boxers, two piece band, two piece puzzle, news briefs, legal briefs, intimates "
     "the"},
    {"body", exception, false,
     "cigarette butt, cigarette butts, water butt, rifle butt, head butt, butt joint, chicken breast, "
     "chicken breasts, turkey breast, duck breast, chicken thigh, chicken thighs, rose hips, hip roof, "
     "pirate booty, booty treasure, curves of the road, learning curves, bezier curves, road curves, curves "
     "of the, breast pocket, breast cancer, breast stroke, bum bag, navel orange, navel oranges, butt weld, "
     "hourglass timer, hourglass with, sand hourglass, nebula physique"},
    {"bath", exception, false,
     "bird bath, bird baths, birdbath, bath salts, bath bomb, bath bombs, bath towel set, roman baths, city "
     "of bath, bath spa, bath mat, bloodbath, meteor shower, meteor showers, rain shower, rain showers, "
     "shower of sparks, shower of, april showers, snow showers, showers of, thunder showers, bathed in, "
     "bathing in sunlight, bathing in light, bathing in the light, bathing in moonlight, bathing birds, bird "
     "bathing, birds bathing, sparrow bathing, sparrows bathing, forest bathing, sun bathing cat, bridal "
     "shower, baby shower, water bath, ultrasonic bath, developer bath, bathtub race, tub of, tub of "
     "popcorn, tubs of, tv dinner tub, locker room talk, dressing room mirror lights"},
    {"bed", exception, false,
     "flower bed, flower beds, garden bed, garden beds, raised bed, raised beds, river bed, riverbed, sea "
     "bed, seabed, lake bed, bed of roses, bed of nails, bed of leaves, bed of moss, bed of rice, bed of "
     "lettuce, bed and breakfast, truck bed, flat bed, flatbed, test bed, print bed, printer bed, heated "
     "bed, dog bed, cat bed, pet bed, coral bed, vegetable bed, hospital beds statistics, bunk bed, bunk "
     "beds, hotel room service"},
    {"furniture", exception | keeps_youth, false,
     "kids bedroom, kid s bedroom, child s bedroom, children s bedroom, childrens bedroom, children bedroom, "
     "nursery bedroom, toddler bed, baby bed, kids bed"},
    {"age", exception, false, "12 years a slave"},
    {"conduct", exception, false,
     "look like the real thing, looks like the real thing, look like the real deal, looks like the real "
     "deal, younger version of the city, younger version of the universe, sheep shearing, look exactly like "
     "a, looks exactly like a, look exactly like the original painting, younger version of the software, "
     "younger version of the app, likeness of a lion"},
    // Animals: youth words beside them are not about people.
    {"animals", animal, false,
     "animal, animals, elephant, elephants, eagle, eagles, goat, goats, fox, foxes, cat, cats, kitten, "
     "kittens, dog, dogs, puppy, puppies, bird, birds, owl, owls, bear, bears, panda, pandas, penguin, "
     "penguins, seal, seals, lion, lions, tiger, tigers, giraffe, giraffes, horse, horses, foal, deer, fawn, "
     "sheep, lamb, lambs, cow, cows, calf, pig, pigs, piglet, rabbit, rabbits, bunny, bunnies, duck, ducks, "
     "duckling, chick, chicks, chicken, turtle, turtles, sloth, sloths, hedgehog, hedgehogs, otter, otters, "
     "dolphin, dolphins, whale, whales, dinosaur, dinosaurs, dragon, dragons, monkey, monkeys, gorilla, "
     "gorillas, kangaroo, koala, koalas, wolf, wolves, hippo, hippos, rhino, rhinos, zebra, zebras, camel, "
     "camels, llama, llamas, alpaca, alpacas, donkey, crocodile, alligator, snake, snakes, lizard, squirrel, "
     "squirrels, raccoon, raccoons, hamster, mouse, mice, frog, fish, shark, sharks, octopus, falcon, hawk, "
     "gull, gulls, sparrow, robin, crow, swan, flamingo, ostrich, bison, moose, badger, bat, bats, "
     "orangutan, chimpanzee, salmon, albatross, osprey, heron, peregrine, groot, goose, geese, axolotl"},
    {"old things", old_thing, false,
     "whisky, whiskey, scotch, wine, rum, brandy, cognac, cheese, cheddar, port, bourbon, tree, oak, house, "
     "building, church, company, startup, car, laptop, computer, tradition, castle, bridge, temple, bottle, "
     "recipe, ship, phone, bike, bicycle, firm, brand, magazine, newspaper, software, book, piano, guitar, "
     "violin, machine, engine, malt, vinegar, boat, wall, road, wreck, tower, battery, truck, camera, lens, "
     "coin, stamp, painting, bonsai, farm, village, city, town, school building, theatre, hotel, lighthouse, "
     "barrel, vineyard, rug, clock, watch, doll house, quilt"},
    {"goods", aged_goods, false,
     "whisky, whiskey, scotch, bourbon, cheese, cheddar, parmesan, gouda, wine, rum, brandy, cognac, port "
     "wine, barrel, barrels, cask, casks, oak, vinegar, balsamic, beef, steak, ham, prosciutto, tea, "
     "spirits, tequila, sherry, soy sauce, miso, leather, timber, wood"},
};

}  // namespace

std::span<const CueRow> exception_rows() {
    return exception_cues;
}

}  // namespace ourvidz::safety
