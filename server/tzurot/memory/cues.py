"""What shows which kind of thing somebody tells, in English, German, Spanish and French.

Phrases in small letters, each on a line or parted by commas; words are told apart by spaces. What
looks like one and is none (`NO_CUES`) stands for itself: "feel free" is no feeling.
"""

EPISODIC = """
i went, i saw, i met, i visited, i bought, i found, i moved, i started, i finished, i lost, i won
i took, i drove, i flew, i walked, i ate, i cooked, i watched, i broke, i fell, i called, i attended
i adopted, i graduated, i traveled, i travelled, i celebrated, i painted, i signed, i hiked
i arrived, we went, we saw, we met, we visited, we bought, we found, we moved, we started
we finished, we lost, we won, we took, we drove, we flew, we walked, we ate, we cooked, we watched
we broke, we fell, we called, we attended, we adopted, we graduated, we traveled, we travelled
we celebrated, we painted, we signed, we hiked, we arrived, yesterday, last night, last week
last weekend, last month, last year, last summer, last winter, this morning, days ago, a week ago
weeks ago, a month ago, months ago, a year ago, years ago, the other day, the day before
remember when, remember the time, do you remember, back then, when i was, one day, just got back
just came back, happened to me, monday, tuesday, wednesday, thursday, friday, saturday, sunday
i ran, i got, we got, i had, we had, i was, we were, i did, we did, i made, we made, i came, we came
i left, we left, i told, i heard, i slept, i woke, i dreamed, i dreamt, i spent, we spent, i played
we played, i gave, i sold, i tried, i joined, i passed, i failed, i dropped, i crashed, was born
passed away, died, got cancelled, got canceled, got stolen, got married, earlier today
the first time, once upon, on christmas, this weekend, used to live, ended up, three weeks ago

gestern, vorgestern, vorhin, neulich, damals, letzte woche, letzten monat, letztes jahr
letzten sommer, letzten winter, letztes wochenende, am wochenende, heute morgen, heute früh
vor einer woche, vor einem jahr, vor einem monat, vor zwei jahren, vor drei jahren, vor jahren
vor zwei tagen, vor drei tagen, vor ein paar tagen, weißt du noch, erinnerst du dich
als ich klein war, als kind, gegangen, gefahren, getroffen, besucht, gesehen, gekauft, verloren
gefunden, umgezogen, angekommen, passiert, gewandert, gereist, geflogen, montag, dienstag, mittwoch
donnerstag, freitag, samstag, sonntag, ich war, wir waren, war ich, waren wir, als ich, als wir
ich hatte, hatte ich, hatten wir, gestohlen, geklaut, gegessen, gekocht, gespielt, geträumt
gestorben, geboren, geheiratet, gewonnen, geschlafen, verbracht, gefeiert, kaputtgegangen
weggelaufen, geregnet, gab es, eines tages, zum ersten mal, vor zwei wochen, vor drei wochen
vor vier wochen, vor zwei monaten

ayer, anteayer, anoche, la semana pasada, el mes pasado, el año pasado, el verano pasado
el fin de semana, esta mañana, hace un año, hace una semana, hace dos días, hace tres días
hace unos, hace años, hace tiempo, te acuerdas, recuerdas cuando, el otro día, cuando era, fui
fuimos, estuve, estuvimos, lo vi, la vi, vi a, vi una, vi un, vimos, comí, compré, compramos, visité
visitamos, encontré, perdí, conocí, viajé, viajamos, llegué, llegamos, gané, me pasó, lunes, martes
miércoles, jueves, viernes, sábado, domingo, soñé, comimos, hice, hicimos, tuve, tuvimos, me dijo
le dije, salí, salimos, murió, nací, nació, se rompió, robaron, pasé, pasamos, jugué, jugamos, corrí
vendí, me caí, me casé, me mudé, nos mudamos, perdimos, ganamos, la primera vez

avant-hier, hier soir, hier matin, hier j'ai, hier on, hier nous, hier je, c'était hier
la semaine dernière, le mois dernier, l'année dernière, l'an dernier, l'été dernier, ce matin
ce week-end, il y a un an, il y a deux ans, il y a une semaine, il y a deux jours, il y a longtemps
tu te souviens, l'autre jour, quand j'étais, j'ai vu, j'ai acheté, j'ai visité, j'ai rencontré
j'ai perdu, j'ai trouvé, j'ai mangé, j'ai pris, j'ai gagné, je suis allé, je suis allée
je suis parti, je suis partie, je suis rentré, je suis rentrée, nous sommes allés, nous avons vu
nous avons visité, on est allés, on est allé, on a vu, m'est arrivé, lundi, mardi, mercredi, jeudi
vendredi, samedi, dimanche, j'ai raté, j'ai fait, j'ai eu, j'ai rêvé, j'ai couru, j'ai vendu
j'ai dormi, j'ai passé, j'ai joué, on a déménagé, on a fait, on a mangé, on a joué, on a passé
nous avons fait, nous avons mangé, est mort, est morte, s'est cassé, s'est cassée, j'étais, on était
nous étions, je suis né, je suis née, je suis tombé, je suis tombée, la première fois
"""

SEMANTIC = """
is called, means that, it means, is defined as, is a kind of, is a type of, is the capital
consists of, by definition, made of, made from, in general, my name is, i am a, i'm a, i work as
i work at, i work in, i work for, i live in, i'm from, i am from, allergic, my favorite
my favourite, birthday is, my job, my sister is, my brother is, my mother is, my father is
my wife is, my husband is, my dog is, my cat is, is named, stands for, was founded, belongs to
vegetarian, vegan, i speak, i have two, i have three, i prefer, 's name is, cat's name, dog's name
is made, are made, has two, i don't eat, i don't drink, i own, i have a, my hobby, my hobbies
my phone number, my address

bedeutet, besteht aus, ist die hauptstadt, wird genannt, nennt man, nennt sich, definition
ich heiße, mein name ist, ich bin ein, ich bin eine, ich arbeite als, ich arbeite bei
ich arbeite in, ich wohne in, ich lebe in, ich komme aus, allergisch, mein lieblings, lieblingsessen
lieblingsfarbe, lieblingsbuch, lieblingsfilm, geburtstag ist, mein beruf, meine schwester ist
mein bruder ist, meine mutter ist, mein vater ist, heißt mein, heißt meine, vegetarier, vegetarierin
gehört zu, ist eine art, ich spreche, mein hund heißt, meine katze heißt, mein hobby, meine hobbys
ich esse kein, ich trinke kein, ich mag kein, ich habe zwei, ich habe drei, meine adresse

significa, consiste en, es la capital, se llama, me llamo, mi nombre es, soy un, soy una
trabajo como, trabajo en, vivo en, soy de, alérgico, alérgica, mi favorito, mi favorita
color favorito, comida favorita, cumpleaños es, mi hermana es, mi hermano es, mi madre es
mi padre es, vegetariano, vegetariana, pertenece a, está hecho de, hablo, por definición, mi perro
mi gato, prefiero, tengo dos, tengo tres, no como, mi dirección, mi trabajo

signifie, ça veut dire, consiste en, est la capitale, s'appelle, je m'appelle, mon nom est
je suis un, je suis une, je travaille comme, je travaille à, je travaille dans, je travaille chez
j'habite, je vis à, je viens de, allergique, mon préféré, ma préférée, couleur préférée
plat préféré, anniversaire est, ma soeur est, ma sœur est, mon frère est, ma mère est, mon père est
végétarien, végétarienne, appartient à, est fait de, par définition, je parle, mon chat, mon chien
je préfère, j'ai deux, j'ai trois, je ne mange pas, mon adresse, mon métier
"""

PROCEDURAL = """
how to, how do i, how do you, how can i, how should i, step by step, steps, instructions, recipe
tutorial, first you, then you, after that you, start by, make sure, click, install, uninstall
download, press the, press and hold, turn on, turn off, turn it, plug in, unplug, set up, preheat
stir, knead, simmer, boil the, chop the, mix the, pour the, pour it, bake it, bake for, add the
remove the, open the, run the, you need to, you have to, in order to, the trick is, explain how
how i can, best way to, the way to, sauté, let it simmer, let it rest, fry, drain, whisk, tighten
loosen, screw, settings, restart, reboot, next you, next step, follow these, here's how
what do i do if, what should i do to, how does one

wie man, wie mache ich, wie kann ich, wie macht man, wie geht das, wie koche ich, wie backe ich
wie installiere ich, zuerst, anschließend, schritt für schritt, anleitung, rezept, klicke, klick auf
drücke, drück, installiere, installieren, herunterladen, einschalten, ausschalten, schalte, umrühren
rühre, verrühre, knete, vorheizen, schneide, hinzufügen, dazugeben, köcheln, kochen lassen
ruhen lassen, du musst, man muss, stelle sicher, achte darauf, am besten geht, wie repariere ich
wie ändere ich, wie bekomme ich, wie schalte ich, wie muss ich, wie soll ich, wie geht man
gehen lassen, ziehen lassen, braten, anbraten, einstellungen, neu starten, schraube, als nächstes
so geht, wie kriege ich

cómo se hace, cómo se, cómo hago, cómo puedo, cómo preparo, cómo instalo, paso a paso, pasos, receta
instrucciones, primero hay, primero se, primero pon, primero debes, haz clic, instala, instalar
descarga, pulsa, presiona, enciende, apaga, mezcla, añade, hierve, hornea, amasa, remueve, pica la
pica el, deja reposar, hay que, tienes que, debes, asegúrate, cómo cambio, cómo arreglo
cómo configuro, cómo cocino, cómo preparar, cómo hacer, primero, corta las, corta la, corta el, fríe
fríelas, saltea, reinicia, ajustes, configuración, a continuación, pela las

comment faire, comment on fait, comment je fais, comment je peux, comment préparer
comment installer, comment cuire, étape par étape, étapes, recette, mode d'emploi, d'abord, ensuite
cliquez, clique sur, appuie, appuyez, installe, installez, installer, télécharge, allume, éteins
mélange, mélangez, mélanger, ajoute, ajoutez, fais cuire, faire cuire, faites cuire, préchauffe
préchauffez, pétris, laisse reposer, il faut, tu dois, assure-toi, assurez-vous
comment est-ce que je, comment changer, comment réparer, comment cuisiner, comment fonctionne
débrancher, débranche, branche, brancher, redémarre, redémarrer, coupe les, coupe la, fais revenir
réglages, paramètres, étape suivante, comment enlever, comment nettoyer
"""

EMOTIONAL = """
feel, feels, feeling, feelings, felt, happy, happiness, sad, sadness, angry, anger, afraid, scared
terrified, love, loved, loves, hate, hated, hates, i miss, miss you, missed you, miss him, miss her
lonely, loneliness, anxious, anxiety, worried, excited, proud, ashamed, jealous, cry, crying, cried
tears, heartbroken, depressed, upset, thrilled, grateful, nervous, stressed, hurts, furious
overwhelmed, joy, hope, hopeless, delighted, devastated, guilty, disappointed, exhausted, mood
in love, panic, stressing, stressful, embarrassed, embarrassing, frustrated, frustrating
can't stop smiling, smiling, sobbing, heartbreaking, miserable, bored, annoyed, annoying, relieved
ecstatic, homesick, grief, grieving, mourning, shame, love it, adore, adored, in shock, shocked
worry, worries, calm, peaceful, broke my heart, my heart is

fühle, fühlt, fühlst, fühlen, gefühl, gefühle, glücklich, traurig, trauer, wütend, wut, angst
ängste, ich liebe, liebe dich, liebe ihn, liebe sie, liebst, liebt, verliebt, ich hasse, hasst
einsam, einsamkeit, freue, freut, froh, stolz, eifersüchtig, weinen, geweint, weine, tränen
verzweifelt, enttäuscht, begeistert, nervös, gestresst, besorgt, mir sorgen, vermisse, vermisst
dankbar, aufgeregt, schäme, schuldgefühle, überfordert, panik, laune, heulen, geht es schlecht
heute schlecht, richtig schlecht, geht es mir schlecht, mies, peinlich, schmerzt, erleichtert
genervt, nervt, frustriert, gelangweilt, heimweh, trauere, schockiert, unglücklich, verletzt, sehne
sehnsucht, dich so lieb, dich lieb

siento, sentí, sientes, sentir, sentimientos, feliz, felicidad, triste, tristeza, enojado, enojada
enfadado, enfadada, rabia, miedo, te amo, amo, te quiero, enamorado, enamorada, odio, odia, contento
contenta, orgulloso, orgullosa, celos, celoso, celosa, lloré, llorar, lloro, llorando, lágrimas
emocionado, emocionada, preocupado, preocupada, nervioso, nerviosa, te extraño, echo de menos
me encanta, alegría, ansiedad, asustado, asustada, decepcionado, decepcionada, agobiado, agobiada
me alegro, vergüenza, aliviado, aliviada, frustrado, frustrada, estresado, estresada, aburrido
aburrida, harto, harta, nostalgia, dolor, culpa, sorprendido, sorprendida, me duele, molesto
molesta, rompió el corazón

je me sens, sentiments, heureux, heureuse, bonheur, triste, tristesse, peur, j'aime, je t'aime
amoureux, amoureuse, déteste, détesté, me manque, me manques, me manquent, en colère, énervé
énervée, je suis content, je suis contente, fier, fière, jaloux, jalouse, pleuré, pleurer, pleure
larmes, angoissé, angoissée, anxieux, anxieuse, stressé, stressée, inquiet, inquiète, déçu, déçue
ému, émue, joie, ravi, ravie, honte, j'en ai marre, soulagé, soulagée, frustré, frustrée, gêné
gênée, embarrassé, embarrassée, nostalgie, chagrin, choqué, choquée, malheureux, malheureuse
tranquille, ça me touche, touché, touchée, deuil, j'adore
"""

REFLECTIVE = """
realize, realized, realise, realised, i learned that, i've learned, i have learned, looking back
in hindsight, should have, shouldn't have, i wonder why, i wonder if, i wonder whether, i believe
i used to think, makes me think, made me think, meaning of life, the meaning of, what matters
understand now, i see now, taught me, insight, insights, purpose in life, my purpose, regret
reflecting, deep down, who i am, that's why i, come to understand, come to think, dawned on me
all along, my whole life, maybe i've, i guess i, perhaps i, i keep asking myself, i ask myself
i've come to, grown as a person, changed me, made me who, in the long run, wish i had, if i had

klar geworden, mir wurde klar, habe ich gelernt, ich habe gelernt, im nachhinein, rückblickend
ich hätte, hätte ich, ich frage mich, sinn des lebens, erkenntnis, einsicht, habe erkannt
ich glaube dass, ich glaube daran, wer ich bin, bereue, nachgedacht, nachdenken, hat mich gelehrt
verstehe ich jetzt, im grunde, worauf es ankommt, vielleicht habe ich, mein leben lang
mein ganzes leben, hätte mehr, ich frage mich oft, wäre ich, hat mich verändert, ich begreife
begriffen

me di cuenta, me doy cuenta, me he dado cuenta, aprendí que, he aprendido, debería haber, debí haber
tendría que haber, me pregunto si, me pregunto por qué, sentido de la vida, mirando atrás
en el fondo, quién soy, me enseñó, me ha enseñado, arrepiento, reflexionar, reflexionando, reflexión
comprendí que, entendí que, creo en, lo que importa, ahora entiendo, quizás debería, debería haberle
debería haberlo, toda mi vida, tal vez he, me cambió, ojalá hubiera, si hubiera

je me rends compte, je me suis rendu compte, je réalise, j'ai réalisé, j'ai compris, j'ai appris que
j'aurais dû, avec le recul, je me demande si, je me demande pourquoi, sens de la vie, au fond
qui je suis, m'a appris, regrette, réflexion, réfléchir, je crois en, ce qui compte
je comprends maintenant, toute ma vie, peut-être que j'ai, m'a changé, m'a changée, si j'avais
j'aurais voulu, je me suis toujours
"""

NO_CUES = """
feel free, i'd love to, would love to, i would love to, love to hear, happy to help, glad to help
happy birthday, happy new year, i hope, hope you, hope that, hope so, no worries, happy hour
tut mir leid, nicht traurig, keine angst, freut mich, freue mich auf, lo siento, feliz cumpleaños
feliz navidad, feliz año, j'aimerais, bon courage, n'aie pas peur, no tengas miedo, steps in
learned how to, learning how to, learn how to, calm down, i had to, i have a question
i was wondering, i was thinking, died laughing, el primero, la primera, if i had a
"""

# Who or what is called like this is no feeling and no day: these count in small letters only.
NAMES = frozenset({"hope", "joy", "stolz", "froh", "domingo", "fier", "weine", "pica"})
