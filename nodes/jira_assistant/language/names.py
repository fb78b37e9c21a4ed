"""First names that are hardly ever anything else: to write them with a capital, and to notice new ones.

Names that are also words (Will, Mark, Grace, Ruby, April ...) are left out on purpose: a false name is worse
than one that is missed. Taken from no list: common given names of many languages, as they come to mind.
"""

import re
from collections.abc import Iterator

from nodes.jira_assistant.language import lexicon as lex
from nodes.jira_assistant.language import verbs, wording
from nodes.jira_assistant.language.tables import word_set

FIRST_NAMES = word_set("""
    aaron abdul abigail adam adriana adrian agnes ahmed aisha akira alan albert alejandra alejandro
    alessandro alex alexander alexandra alexei alice alicia alina amanda amelia amina amir amit amy ana
    anastasia anders andre andrea andreas andrei andrew andrzej angela anita anja anjali anke anna anne
    annika anthony antoine antonio anton arjun arthur arturo astrid barbara bart bartek beatriz ben
    benjamin bernard bernd bettina bianca birgit bjorn bob boris brandon brian bridget bruno camille
    carla carlos carmen caroline catherine cecilia charlie charlotte chen chloe chris christina
    christine christoph christopher claire clara claudia claudio connor cristina cynthia daniel daniela
    danielle dariusz darren dave david deborah deepak denis denise derek diana diego dieter dimitri
    dmitri dmitry dominik donna doris dorothy douglas eduardo edward elena eleanor elias elisa elizabeth
    ellen emanuel emil emilia emily emma enrique eric erik erika esther eva evelyn fabian fatima
    federico felix fernando filip fiona florian francesca francesco francisco franz fred frederik
    gabriel gabriela gareth gary geoff george georgia gerald gerhard gina giovanni giulia gloria gonzalo
    greg gregory guillaume gustavo hannah hans harald harry hassan heather heidi heinrich helen helena
    helga henrik henry hiroshi holger hugo ibrahim igor ines ingrid irina isabel isabella ivan jacob
    jacqueline jakob jakub jamal james jamie jane janet janine jasmin jason javier jean-luc jeff jeffrey
    jennifer jens jeremy jesse jessica jim joanna joao joe joel johan johanna johannes john johnny jonas
    jonathan jorge jose joseph josh joshua juan judith julia julian julie juri jurgen justin kai karen
    karin karl karla karolina katarzyna kate katharina katherine kathrin katie katja kavita keith kelly
    ken kenji kevin khalid kim kirsten klaus konrad krishna kristin kristina krzysztof kumar lars laura
    lauren laurent lea lena leon leonardo leticia liam lin linda lisa louise luca lucas lucia lucy luis
    luisa lukas lydia maciej magda magdalena manfred manuel marcel marcin marco marcos marcus margaret
    maria mariana marie marina mario marlene marta martha martin martina mary mateo mateusz mathias matt
    matteo matthew matthias maximilian megan mei melanie melissa michael michal michelle miguel mikael
    mike mikhail milan mina mira miriam mohamed mohammed monica monika moritz muhammad nadia nadine
    naomi natalia natalie natasha nathan neha neil nicolas nicole niklas nikolai nils nina noah nora
    norbert oleg oliver olivia olga omar oscar oskar otto pablo patricia patrick paul paula pavel pawel
    pedro peter petra philip philipp philippe pierre piotr priya rachel rafael rahul rajesh ralf ramesh
    raquel raul rebecca regina reinhard ricardo richard rita robert roberta roberto rodrigo roger roland
    ronald rosa rosemary ruth ryan sabine sabrina sally samantha samir samuel sandeep sandra sanjay sara
    sarah scott sean sebastian sergei sergey sergio shannon sharon sheila silke silvia simon simone
    sofia sonia sophia sophie stefan stefanie stephanie stephen steve steven stuart sunil susan susanne
    sven svetlana sylvia takeshi tamara tanja tanya tara tatiana ted teresa theo theresa thomas tiffany
    tim timo timothy tobias todd tom tomas tomasz tony torsten tyler ulrich ulrike uwe valentina valerie
    vanessa vera veronica victoria vijay vikram viktor vincent virginia vladimir walter wei werner
    wilhelm william wolfgang xavier yan yasmin yuki yusuf yves yvonne zoe zofia
""")  # fmt: skip
_SMALL = re.compile(r"(?<![\w'/.@-])[a-z]{2,12}(?='s\b|(?![\w'/@-]))")


def with_names(text: str) -> str:
    """`text` with common first names in capitals."""
    return _SMALL.sub(lambda found: found[0].title() if found[0] in FIRST_NAMES else found[0], text)


_EDGE, _END = r"(?<![\w'/.@&#-])", r"(?='s\b|(?![\w'/@&-]|\.\w))"
_CAPITAL = re.compile(rf"{_EDGE}(?:[A-Z][a-z]+|[a-z]{{2,12}}){_END}")
_EXPLAINED = frozenset[str]().union(
    *(wording.CASUAL, wording.SHORT, wording.TYPOS, wording.SPELLING, wording.PROFESSIONAL),
    *(verbs.VERBS, verbs.PAST, verbs.GERUND, verbs.THIRD, verbs.PARTICIPLE.values()),
    *(lex.COUNT, {f"{noun}s" for noun in lex.COUNT}, lex.MASS, lex.PLACES, lex.PREDICATES, lex.ADVERBS),
    *(
        lex.PREPOSITIONS,
        lex.DETERMINERS,
        lex.PRONOUNS,
        lex.OBJECT_PRONOUNS,
        lex.AUXILIARIES,
        lex.SUBORDINATORS,
    ),
    word_set("""
    team all everyone folks guys jira please thanks thank you march may mon tue tues wed thu thur thurs
    fri sat sun best kind regards great good perfect awesome morning hey yo yes no cool nice sincerely
    dear subject hello hi also next then there note status ticket epic bug story
"""),
)
"""Words that some table knows: with a capital in a sentence they are no names."""
_STARTS_AFTER = ".!?:;\n-*•–—>|(\"“'"
_CUES = word_set("""
    with from by for ask asked asking cc and dear hi hello hey thanks thank told tell contacted notified
    notify ping pinged assigned meet met meeting join invite invited per @
""")
_TITLES = word_set("Dr dr Mr Mrs Ms Mx Prof prof")  # whose stop ends no sentence; "ms" and "mr" are others
_NO_NAME = _EXPLAINED.union(title.lower() for title in _TITLES)


def find_names(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, name, sure) of each capitalised word that no table explains, and each common first name.

    Words that open a sentence are left out unless they are first names. `sure`: a first name, or said of a
    person.
    """
    before, end = "", 0
    for found in _CAPITAL.finditer(text):
        word = found[0]
        gap = text[end : found.start()]
        titled = word[0].isupper() and before in _TITLES and gap.strip() in ("", ".")
        if titled or word.lower() in FIRST_NAMES:
            yield found.start(), found.end(), word, True
        elif word[0].isupper() and word.lower() not in _NO_NAME:
            ahead = text[max(found.start() - 3, 0) : found.start()].rstrip(" ")
            if ahead and ahead[-1] not in _STARTS_AFTER:
                yield found.start(), found.end(), word, before.lower() in _CUES and not gap.strip()
        before, end = word, found.end()


def is_unexplained(word: str) -> bool:
    """Whether no table knows `word`, in small letters: it may be a name."""
    return word not in _EXPLAINED
