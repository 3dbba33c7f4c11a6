"""Words that say nothing about a topic: looked for, they would find everything.

Where few memories exist, their frequency cannot tell that yet; so the commonest function words of
widely spoken languages are named. A language that is missing here loses nothing but this help.
"""

_ENGLISH = """
a an the and or but if so as of at by for from in into on onto to with about over under than then
i me my mine we us our you your he him his she her it its they them their this that these those
am is are was were be been being do does did done have has had having can could will would shall
should may might must not no yes what which who whom whose when where why how there here
just very too also s t d ll m re ve don please tell hello hi hey thanks thank
"""
_GERMAN = """
der die das den dem des ein eine einen einem einer eines und oder aber wenn so als von an bei für
aus in im ins auf zu zum zur mit über unter ich mich mir mein meine meinen meiner wir uns unser du
dich dir dein deine er ihn ihm sein seine sie ihr ihre es dies diese dieser bin ist sind war waren
sei habe hat haben hatte kann kannst wird werden soll muss nicht kein keine nein ja was welche
welcher wer wen wem wann wo warum wie da hier nur sehr auch bitte hallo danke
"""
_SPANISH = """
el la los las un una unos unas y o pero si de del al a en con por para sobre que qué cual cuál
quien quién cuando cuándo donde dónde como cómo yo me mi mis nosotros tú te tu tus él ella su sus
ellos se lo le les este esta esto ese esa es son era soy eres está están estoy ser ha he han hay
no sí muy también hola gracias
"""
_FRENCH = """
le la les l un une des et ou mais si de du d à au aux en dans avec par pour sur que qu qui quoi
quel quelle quand où comment pourquoi je j me m mon ma mes nous notre tu te t ton ta tes il elle
son sa ses ils elles se ce c cette est sont était suis es ai as a ont n ne pas non oui très aussi
bonjour merci
"""
_PORTUGUESE = """
o a os as um uma e ou mas se de do da dos das em no na nos nas com por para sobre que qual quem
quando onde como eu me meu minha nós tu você teu seu sua ele ela eles é são era sou está estou
não sim muito também olá obrigado obrigada
"""
_ITALIAN = """
il lo la i gli le un una e o ma se di del della a al alla in nel con per su che chi quale quando
dove come perché io mi mio mia noi tu ti tuo tua lui lei suo sua loro è sono era ho hai ha non sì
molto anche ciao grazie
"""
_RUSSIAN = """
и а но или если в во на с со к ко у о об от до из за по для над под что чем кто кого кому как
какой какая когда где куда почему я меня мне мой моя моё мои моего моей мы нас нам наш ты тебя
тебе твой твоя он его ему она её ей они их им это этот эта есть был была было были быть не нет да
же ли бы очень тоже привет спасибо
"""

ENGLISH, GERMAN, SPANISH = (frozenset(it.split()) for it in (_ENGLISH, _GERMAN, _SPANISH))

STOP_WORDS = frozenset(
    " ".join((_ENGLISH, _GERMAN, _SPANISH, _FRENCH, _PORTUGUESE, _ITALIAN, _RUSSIAN)).split()
)
