"""Words of closed classes that part facts that otherwise read alike: relatives, months, deeds.

In English, German and Spanish, each line one member of a class in all three. A language that is
missing here loses nothing but this help: likeness.py compares the rest. Words are as sense.py folds
them: small letters, no accents.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a class is about."""

    KIN = "kin"
    NUMBER = "number"
    MONTH = "month"
    WEEKDAY = "weekday"
    SIDE = "side"
    COLOR = "color"
    ANIMAL = "animal"
    FEELING = "feeling"
    DEED = "deed"
    NOT = "not"
    WISH = "wish"
    PAST = "past"


LENIENT = frozenset({Kind.COLOR, Kind.FEELING, Kind.DEED})
"""Two facts can be the same where only one of them names any of these; of the others they name the
same ones."""

LANGUAGES = ("en", "de", "es")

_LEXICON: Mapping[Kind, str] = {
    Kind.KIN: """
        mother mothers mom mum mama | mutter mutti | madre
        father fathers dad papa | vater | padre
        parents parent | eltern | padres
        brother brothers | bruder | hermano hermanos
        sister sisters | schwester schwestern | hermana hermanas
        siblings sibling | geschwister | -
        son sons | sohn sohne | -
        daughter daughters | tochter | hija hijas
        child children kid kids | kind kinder | hijo hijos
        spouse husband wife married | ehemann mann ehefrau frau verheiratet |
            casada casado esposo esposa marido
        divorced divorce | geschieden scheidung | divorciada divorciado divorcio divorcio
        partner boyfriend girlfriend | freund | novio novia
        cousin cousins | cousine vetter | primo prima
        uncle | onkel | tio
        aunt | tante | tia
        grandmother grandma granny | oma grossmutter | abuela
        grandfather grandpa | opa grossvater | abuelo
        nephew | neffe | sobrino
        niece | nichte | sobrina
        friend friends | freundin freunde freundinnen | amiga amigo amigos amigas
        boss | chef chefin | jefe jefa
        neighbor neighbour neighbors neighbours | nachbar nachbarin | vecino vecina
        colleague coworker | kollege kollegin | colega
        roommate flatmate | mitbewohner mitbewohnerin | companera
        teacher | lehrer lehrerin | profesor profesora
    """,
    Kind.NUMBER: """
        1 one | eins einmal | uno
        2 two twice | zwei zweimal | dos
        3 three | drei dreimal | tres
        4 four | vier | cuatro
        5 five | funf | cinco
        6 six | sechs | seis
        7 seven | sieben | siete
        8 eight | acht | ocho
        9 nine | neun | nueve
        10 ten | zehn | diez
        11 eleven | elf | -
        12 twelve | zwolf | doce
        20 twenty | zwanzig | veinte
        30 thirty | dreissig | treinta
        40 forty | vierzig | cuarenta
        50 fifty | funfzig | cincuenta
        60 sixty | sechzig | sesenta
        70 seventy | siebzig | setenta
        80 eighty | achtzig | ochenta
        90 ninety | neunzig | noventa
    """,
    Kind.MONTH: """
        january | januar | enero
        february | februar | febrero
        march | marz | marzo
        april | april | abril
        may | mai | mayo
        june | juni | junio
        july | juli | julio
        august | august | agosto
        september | september | septiembre
        october | oktober | octubre
        november | november | noviembre
        december | dezember | diciembre
    """,
    Kind.WEEKDAY: """
        monday mondays | montag montags | lunes
        tuesday tuesdays | dienstag dienstags | martes
        wednesday wednesdays | mittwoch mittwochs | miercoles
        thursday thursdays | donnerstag donnerstags | jueves
        friday fridays | freitag freitags | viernes
        saturday saturdays | samstag samstags | sabado sabados
        sunday sundays | sonntag sonntags | domingo domingos
    """,
    Kind.SIDE: """
        left | linke linken linker linkes | izquierdo izquierda
        right | rechte rechten rechter rechtes | derecho derecha
    """,
    Kind.COLOR: """
        red | rot rote roten roter rotes | rojo roja
        blue | blau blaue blauen blauer blaues | azul
        green | grun grune grunen gruner grunes | verde
        yellow | gelb gelbe gelben gelber gelbes | amarillo amarilla
        black | schwarz schwarze schwarzen schwarzer schwarzes | negro negra
        white | weiss weisse weissen weisser weisses | blanco blanca
        brown | braun braune braunen brauner braunes | marron
        gray grey | grau graue grauen grauer graues | gris
        orange | - | naranja
        purple violet | lila violett | morado morada
        pink | - | rosa
    """,
    Kind.ANIMAL: """
        cat cats kitten | katze katzen kater | gato gata gatos
        dog dogs puppy | hund hunde hundin | perro perra perros
        bird birds parrot | vogel papagei | pajaro loro
        horse horses | pferd pferde | caballo
        rabbit rabbits | kaninchen | conejo
        hamster hamsters | - | -
        fish | fisch fische | pez peces
        bee bees hive hives beehive beehives beekeeper | biene bienen imker imkerin | abeja abejas
        chicken chickens hens | huhn huhner | gallina gallinas
        spider spiders | spinne spinnen | arana aranas
        snake snakes | schlange schlangen | serpiente serpientes
    """,
    Kind.FEELING: """
        like likes liked love loves loved enjoys enjoy fond favorite favourite prefers |
            mag liebt liebe gern gerne verliebt |
            gusta gustan encanta encantan ama favorito favorita
        dislike dislikes hate hates hated loathes detests | hasst hasse verabscheut |
            odia odio detesta
        fear afraid scared scares fears terrified | angst furchtet | miedo teme
    """,
    Kind.DEED: """
        live lives living lived resides home | wohnt wohne lebt lebe gelebt gewohnt |
            vive vivo vivia vivir
        work works working worked job employed | arbeitet arbeite gearbeitet |
            trabaja trabajo trabajaba
        study studies studying student | studiert studiere studierte | estudia estudio estudiaba
        write writes writing wrote written | schreibt schreibe schrieb geschrieben |
            escribe escribo escribio
        read reads reading | liest gelesen | lee leyendo
        play plays playing played | spielt spiele gespielt | toca toco juega juego jugaba
        sell sells sold selling | verkauft | vende vendio
        buy buys bought buying | kauft gekauft | compra compro
        visit visits visiting visited | besucht | visita visito
        marry marries wedding | heiratet geheiratet hochzeit | caso boda
        speak speaks speaking spoke fluent | spricht spreche gesprochen | habla hablo
        drink drinks drinking drank | trinkt trinke getrunken | bebe bebo beber
        eat eats eating ate diet | isst esse gegessen | come como comer
        smoke smokes smoking smoked | raucht rauche rauchen geraucht | fuma fumo fumar
        drive drives driving drove car | fahrt gefahren auto | conduce coche
        fly flies flying flew | fliegt fliegen geflogen | vuela volar
        swim swims swimming swam | schwimmt schwimmen | nada nadar
        cook cooks cooking cooked | kocht gekocht | cocina
        die dies died dead death kill killed passed | starb gestorben tot | murio muerta muerto
        believe believes believed faith believer | glaubt geglaubt | cree
        earn earns earned salary paid pays wage | verdient gehalt | gana sueldo salario
        owe owes owed debt lent borrowed | schuldet schulden | debe deuda
        bear born birthday | geburtstag geboren | cumpleanos nacio nacida nacido
        vote votes voted | gewahlt wahlt | vota voto
        move moves moved moving | zieht gezogen umgezogen | mudo mudarse
        break breaks broke broken | gebrochen bricht | rompio roto
        suffer suffers diagnosed | leidet | sufre padece
        meet meets met meeting | trifft getroffen | conocio
        run runs running ran | lauft gelaufen | corre
        teach teaches taught teaching | unterrichtet | ensena
    """,
    Kind.NOT: """
        not no never without nobody none nothing neither longer anymore quit quits stopped stop
            given cannot unable t |
            nicht kein keine keinen keiner keinem nie niemals ohne aufgehort |
            nunca jamas dejo tampoco sin
    """,
    Kind.WISH: """
        want wants wish wishes hopes hope plans plan dreams intends learning learns |
            mochte wunscht hofft plant lernt | quiere espera desea planea aprende
    """,
    Kind.PAST: """
        used formerly once past before previously former | fruher ehemals damals einst |
            antes antiguamente
    """,
}

_LIGHT = """
    has have had having keep keeps own owns owned call calls called name named names go goes going
    get got gets give gives make makes made take takes took taken year years old age s thing
    something someone somebody somewhere uses use being able way day days every each because since
    still while family much many more any all best out lot really doesn didn isn aren wasn weren won
    wouldn don couldn hasn haven hadn |
    hat habe mehr heisst heissen namens genannt name jahre jahr alt geht gehen macht nimmt gibt
    etwas jemand jede jeden jedes seit noch sich ihrer ihren ihrem seinen seinem hatte |
    tiene tengo tener tenia llama llaman llamada llamado nombre anos ano edad va hace toma da algo
    alguien cada todo todos toda estar desde ya
"""


def _lines(lexicon: str) -> list[str]:
    """One for each member; a line that is indented further goes on."""
    return lexicon.replace("\n            ", " ").strip().splitlines()


def _classes() -> dict[str, tuple[Kind, str]]:
    """Of each word its class, and the first word of its line."""
    found: dict[str, tuple[Kind, str]] = {}
    for kind, lexicon in _LEXICON.items():
        for line in _lines(lexicon):
            words = [it for it in line.split() if it not in "|-"]
            found |= dict.fromkeys(words, (kind, words[0]))
    return found


def _hints() -> dict[str, frozenset[str]]:
    """The words by which each language can be told."""
    lines = [line for lexicon in _LEXICON.values() for line in _lines(lexicon)]
    columns = [line.split("|") for line in (*lines, " ".join(_LIGHT.split()))]
    found: dict[str, frozenset[str]] = {}
    for number, language in enumerate(LANGUAGES):
        words = " ".join(it[number] for it in columns if number < len(it)).split()
        found[language] = frozenset(words) - {"-"}
    return found


BY_WORD: Mapping[str, tuple[Kind, str]] = _classes()
"""Of a word: its class, and which of its members it names."""

HINTS: Mapping[str, frozenset[str]] = _hints()
"""Words by which a language can be told, besides its function words."""

LIGHT = frozenset(_LIGHT.split()) - {"|"}
"""Words that say little of what a fact is about."""
