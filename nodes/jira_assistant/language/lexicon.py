"""The small words, the nouns of work that take an article, and what a thing can be said to be."""

from nodes.jira_assistant.language.tables import pairs, word_set

COUNT = word_set("""
    account addition adjustment alarm alert alias analysis animation api app application approach
    architecture argument article artifact assertion attachment attempt average backend backfill backlog
    backup badge banner batch benchmark blocker board branch breakpoint browser bucket bug build bump
    bundle button cache calendar call callback card carousel cart cause certificate change changelog
    channel chart check checkbox checker checklist chunk class cleanup client cluster code column
    command comment commit component condition config configuration conflict connection connector
    constraint container controller conversation cookie correction counter crash credential cron culprit
    customer cycle dashboard database dataset deadline deadlock decorator default defect demo dependency
    deploy deployment design detector diagram dialog diff directory discount doc document driver
    dropdown duplicate edge editor element email endpoint enhancement environment epic error estimate
    eta event example exception export exporter factory feature feed field file filter fix flag flow
    folder follow-up font footer form format formatter fragment frontend function gateway generator
    graph grid group guide handler header helper hook hotfix icon image implementation import importer
    improvement incident index input inspector installer instance integration interface interval
    investigation invoice issue item iterator job key label laptop layout leak library limit link linter
    list listener loader location lock log logger loop macro manual map meeting menu merge message
    method middleware migration mock modal model module monitor name namespace navbar note notebook
    notification number object offset operator optimization option order outage output overlay owner
    package page pager panel parameter parser part password patch path pattern payload payment
    permission piece pipeline placeholder plan playbook plugin poc pod policy pool popup port postmortem
    pr presentation problem procedure process processor profile profiler project prompt property
    proposal prototype provider proxy query queue race rate ratio reason record redesign redirect
    refactor refactoring reference regression release reminder removal rename renderer repo report
    repository request requirement resolver resource response result retro review rewrite risk role
    rollback rollout root route router rule runbook runner sandbox scanner schedule scheduler schema
    scheme screen screenshot script scrollbar section selector serializer server service session setting
    sidebar signature sitemap slider snapshot socket solution spec spike spinner sprint stage standup
    state step store story stream string stub style stylesheet subtask suite summary switch system tab
    table tag task template tenant test thread threshold ticket timeout timer timestamp title toggle
    token tokenizer tool toolbar tooltip topic trace tracker transaction transformer trigger tweak type
    typo ui update upgrade url user utility validator value variable vendor version view volume
    vulnerability walkthrough warning webhook website widget wizard workaround worker workflow workload
    workspace workstation wrapper
""")
"""Nouns that need an article in the singular."""
MASS = word_set("""
    access accessibility auth authentication authorization billing caching checkout code content coverage
    css data debugging documentation feedback functionality hardware html i18n infrastructure latency
    logging login logic logout maintenance markup memory metadata monitoring onboarding pagination parsing
    performance progress qa rendering research retry routing scaling search security seo signup software
    sorting staging production storage styling support testing throttling tooling traffic training uploading
    usage validation work ci registration provisioning deduplication versioning alerting localization
    encryption compression
""")  # fmt: skip
_SINGULAR_S = word_set("""
    status redis kubernetes aws dns css postgres jenkins canvas process access https sms progress analysis
    os ios tls js cors class business bus address basis alias loss bonus news always this is was has does
    less us
""")

PLACES = word_set("staging production dev qa uat preprod sandbox test local stage preview")
"""Environments: tested ON staging, deployed TO production."""
BARE_AFTER_PREPOSITION = word_set("""
    review release test email order default deploy deployment input output call name hand load merge request
    approval page user error code point schedule time progress build record reference view service
""")
"""Countable nouns that often stand bare after a preposition: "ready for review", "on load"."""
PREPOSITIONS = word_set("""
    on in at to for from with without by of about into onto over under after before during since until via
    per across against between through within because so while when where if unless as than like due
    regarding using and or but instead despite except upon toward towards behind near around up down out off
    back
""")
DETERMINERS = word_set("""
    the a an this that these those my our your his her its their some any all no each every both several
    many few another other most more less much one two three four five six seven eight nine ten what which
    whose same
""")
PRONOUNS = word_set("""
    i we you he she it they this that these those there who someone everyone nobody anyone
""")
OBJECT_PRONOUNS = word_set("me you him her us them")
SUBORDINATORS = word_set("""
    if when once after before until unless since while as because although though whenever whether provided
    providing assuming given depending subject
""")
TIMES = word_set("""
    today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday
""")
LATER = word_set("""
    tomorrow tonight soon later next monday tuesday wednesday thursday friday saturday sunday
""")
BE = word_set("is are was were am be been being")
MODALS = word_set("will would can cannot could should may might must shall ought")
AUXILIARIES = BE | MODALS | word_set("has have had do does did")
ADVERBS = word_set("""
    still now already almost nearly mostly partially partly fully finally currently also again just only not
    yet probably maybe basically completely actually apparently half all back once soon today yesterday
    tomorrow really very somewhat fairly extremely never always often sometimes early late later
""")
PREDICATES = word_set("""
    available back bad better blank blocked broken buggy clean closed complete correct critical damaged dead
    delayed done down due duplicate empty fast fine finished flaky fragile good gone green healthy hidden
    incomplete inconsistent incorrect invalid late left live locked missing next offline ok okay online open
    outdated outstanding overdue paused pending postponed possible poor public ready red remaining
    reproducible required running safe slow slower faster solid sorted stable stale stalled stuck
    unavailable unclear unreliable unresolved unstable unstuck up valid wrong yellow needed odd failing
    passing working crashing hanging leaking waiting happening timing loading compiling building breaking
    degraded unresponsive unreachable idle unblocked
""")  # fmt: skip
"""What can be said of a thing with a form of "be" that people leave out: "build green"."""
CONDITIONS = frozenset(
    pairs("""
    in progress; in review; in qa; in production; in staging; in testing; on hold; on track; on staging
    under review; under way; under investigation; up for review; out of date; out of scope; in place
    at risk; on production; in use; in sync; out of sync; on the way; to be done; in development
""")
)


OF_PEOPLE = word_set("late off out back online offline in away unavailable available")
"""Predicates that are as often about the speaker: "will be late"."""
NO_PASSIVE_BEFORE = word_set("and or because so while when where if unless as than")


def is_plural(noun: str) -> bool:
    """Whether a noun reads as plural: tests, children; not status, Redis."""
    noun = noun.lower().removesuffix("'s")
    if noun in _SINGULAR_S or noun.endswith(("ss", "us", "is", "sis")):
        return False
    return noun.endswith("s") or noun in ("people", "children", "criteria", "men", "women")


def singular(noun: str) -> str:
    """The singular of a regular plural, else the noun itself, in lower case."""
    noun = noun.lower()
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "xes", "sses")):
        return noun[:-2]
    return noun[:-1] if is_plural(noun) else noun


def is_work_noun(noun: str) -> bool:
    """Whether the lexicon knows it as a thing that work is done on."""
    noun = noun.lower()
    return (
        noun in MASS or noun in COUNT or noun in PLACES or not COUNT.isdisjoint((singular(noun), noun[:-1]))
    )
