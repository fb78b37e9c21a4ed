"""The words behind `entities`: what looks like an issue key and is none, statuses, terms, nobodies."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ISSUE_KEY = r"[A-Za-z][A-Za-z0-9_]{1,9}-[1-9]\d{0,6}"

# Before a hyphen and a number these make a standard, a product, a zone or a phrase (UTF-8, GPT-4, top-10).
NOT_A_PROJECT = _words("""
    utf sha iso rfc covid http https ipv ip pep cve md rs aes des rsa base tls ssl gpt utc gmt est cet
    pst cest mp win windows java python py node log4j oauth saml usb raid soc cat wifi arm amd x86 int
    uint float cp latin es sev prio priority tier layer pr mr pull rc alpha beta top part step phase
    stage day week month year page version sprint level chapter line section figure fig round size type
    catch route formula apollo boeing iphone ios android under over mid pre post sub non pages steps
    parts option grade rev sars fy ie vitamin january february march april may june july august
    september october november december
    """)

# The next two are alternatives of a pattern, longer ones first where one begins another.
STATUSES = (
    "done|finished|completed|complete|closed|resolved|reopened|in progress|in review|in qa|in testing"
    "|on hold|blocked|to do|todo|open|pending|ready for (?:qa|review|testing|release|deploy(?:ment)?)"
    "|waiting|stuck|started|cancell?ed|merged|deployed|released|shipped|fixed|tested|failing|failed"
    "|delayed|paused|not started|approved"
)
TERMS = (
    "unit tests?|integration tests?|regression tests?|end-to-end tests?|load tests?|pull requests?"
    "|merge requests?|merge conflicts?|feature flags?|memory leaks?|null pointers?|race conditions?"
    "|load balancers?|code reviews?|rate limit(?:s|ing)?|cron jobs?|message queues?|ci/cd|data ?bases?"
    "|hot ?fix(?:es)?|rollbacks?|refactor(?:ing|ed)?|timeouts?|regressions?|deadlocks?|stack ?traces?"
    "|prs?|ci|builds?|pipelines?|production|prod|branch(?:es)?|commits?|endpoints?|servers?|bugs?|tests?"
    "|backend|front-?end|cach(?:e|ing)|tokens?|webhooks?|schemas?|apis?|sdks?|quer(?:y|ies)|index(?:es)?"
    "|migrations?|deployments?|dependenc(?:y|ies)|vulnerabilit(?:y|ies)"
)

# Capitalised where a name could stand, and yet nobody.
PRODUCTS = _words("""
    jira slack github gitlab bitbucket confluence jenkins grafana prometheus datadog sentry stripe
    paypal google microsoft apple amazon heroku netlify vercel cloudflare linux ubuntu debian oracle
    excel word outlook gmail teams zoom figma notion trello asana salesforce shopify twilio sendgrid
    okta chrome firefox safari edge openai snowflake spark airflow kibana splunk apache tomcat swagger
    firebase supabase bigquery tableau english german french spanish christmas easter qa hr it prod
    production staging backend frontend support legal finance sales marketing security ops devops
    product design engineering management done closed review testing
    """)
