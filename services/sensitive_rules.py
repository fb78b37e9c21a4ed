"""Secrets that identify themselves: the published formats, as data.

Formats are facts from their makers' documentation, found through the rule lists of gitleaks (MIT) and the
plugins of detect-secrets (Apache-2.0), and from: GitHub "authentication token format updates" (2021), GitLab
"token overview", AWS IAM "unique identifiers", Cloudflare "token formats", Doppler "auth token formats",
Slack "token types". Lengths are the least that is documented, since makers lengthen tokens without notice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["private_key", "api_key", "token", "password", "ssn", "card", "iban", "phone", "email"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One sensitive value: `text[start:end]` is exactly what must not be shown.

    `certain` is false where only the surroundings speak for it. `label` names it for people and holds
    nothing of the text.
    """

    kind: Kind
    start: int
    end: int
    certain: bool
    label: str


_ALPHABETS = {
    "hex": "0-9a-fA-F",
    "lower": "a-z0-9",
    "upper": "A-Z0-9",
    "alnum": "A-Za-z0-9",
    "word": r"\w-",
    "base64": r"\w+/=-",
    "dotted": r"\w.=-",
}

# kind, label, prefixes, alphabet of the rest, its length as a regular expression counts ("36," is 36 or more)
_PREFIXED: tuple[tuple[Kind, str, str, str, str], ...] = (
    ("api_key", "AWS access key", "AKIA ASIA ABIA ACCA", "upper", "16"),
    ("api_key", "AWS Bedrock key", "ABSK bedrock-api-key-", "base64", "60,"),
    ("api_key", "Alibaba Cloud access key", "LTAI", "alnum", "20,"),
    ("api_key", "Anthropic key", "sk-ant-", "word", "20,"),
    ("token", "Adobe client secret", "p8e-", "alnum", "32,"),
    ("token", "Artifactory token", "AKC", "alnum", "10,"),
    ("token", "Artifactory token", "cmVmd", "alnum", "59,"),
    ("token", "Atlassian token", "ATATT3 ATCTT3 ATBB", "base64", "24,"),
    ("api_key", "ClickHouse key", "4b1d", "alnum", "38"),
    ("token", "Clojars token", "CLOJARS_", "alnum", "60"),
    ("token", "Cloudflare token", "cfk_ cfut_ cfat_", "alnum", "40,"),
    ("token", "Cloudflare origin key", "v1.0-", "word", "171,"),
    ("token", "Contentful token", "CFPAT-", "word", "43,"),
    ("token", "Databricks token", "dapi", "word", "32,"),
    ("token", "Defined Networking token", "dnkey-", "word", "79,"),
    ("token", "DigitalOcean token", "doo_v1_ dop_v1_ dor_v1_", "hex", "64,"),
    ("token", "Docker token", "dckr_pat_ dckr_oat_", "word", "27,"),
    ("token", "Doppler token", "dp.ct. dp.pt. dp.st. dp.sa. dp.scim. dp.audit.", "dotted", "40,"),
    ("token", "Dropbox token", "sl.", "word", "130,"),
    ("token", "Duffel token", "duffel_test_ duffel_live_", "base64", "43,"),
    ("token", "Dynatrace token", "dt0c01. dt0s16.", "dotted", "80,"),
    ("api_key", "EasyPost key", "EZAK EZTK", "alnum", "54,"),
    ("token", "Facebook token", "EAAM EAAC", "alnum", "60,"),
    ("token", "Figma token", "figd_", "word", "40,"),
    ("api_key", "Flutterwave key", "FLWSECK_TEST- FLWSECK- FLWPUBK_TEST-", "word", "12,"),
    ("token", "Fly.io token", "fo1_", "word", "43,"),
    ("token", "Fly.io token", "fm1r_ fm1a_ fm2_", "base64", "100,"),
    ("token", "Frame.io token", "fio-u-", "base64", "64,"),
    ("token", "GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", "word", "36,"),
    ("token", "GitHub token", "github_pat_", "word", "82,"),
    ("token", "GitLab token", "glpat- gldt- glft- glsoat- glrt- glffct- glcbt-", "dotted", "20,"),
    ("token", "GitLab token", "glimt- glptt- glagent- gloas- GR1348941 glrtr-", "word", "20,"),
    ("api_key", "Google API key", "AIza", "word", "35,"),
    ("token", "Google OAuth token", "ya29. GOCSPX-", "word", "20,"),
    ("token", "Grafana token", "glsa_", "word", "41,"),
    ("token", "Grafana token", "glc_ eyJrIjoi", "base64", "32,"),
    ("api_key", "Groq key", "gsk_", "alnum", "40,"),
    ("api_key", "Heroku key", "HRKU-", "word", "36,"),
    ("token", "HubSpot token", "pat-na1- pat-na2- pat-eu1-", "word", "36,"),
    ("token", "Hugging Face token", "hf_ api_org_", "alnum", "34,"),
    ("token", "Infracost token", "ico-", "alnum", "32,"),
    ("token", "Intra42 secret", "s-s4t2ud- s-s4t2af-", "hex", "64"),
    ("token", "LangSmith token", "lsv2_pt_ lsv2_sk_", "word", "32,"),
    ("api_key", "Linear key", "lin_api_ lin_oauth_", "alnum", "40,"),
    ("api_key", "Lob key", "live_pub_ test_pub_", "hex", "31,"),
    ("token", "Mapbox token", "pk.eyJ sk.eyJ tk.eyJ", "dotted", "60,"),
    ("api_key", "New Relic key", "NRAK- NRJS- NRII- NRRA- NRIQ-", "word", "19,"),
    ("token", "Netlify token", "nfp_", "alnum", "36,"),
    ("token", "Notion token", "ntn_", "alnum", "40,"),
    ("token", "npm token", "npm_", "alnum", "36,"),
    ("api_key", "NVIDIA key", "nvapi-", "word", "60,"),
    ("api_key", "Octopus Deploy key", "API-", "upper", "26,"),
    ("token", "1Password token", "ops_eyJ", "base64", "100,"),
    ("token", "OpenShift token", "sha256~", "word", "43"),
    ("api_key", "Perplexity key", "pplx-", "alnum", "48,"),
    ("token", "PlanetScale token", "pscale_tkn_ pscale_oauth_ pscale_pw_", "dotted", "32,"),
    ("api_key", "Postman key", "PMAK-", "word", "59,"),
    ("token", "Prefect token", "pnu_", "alnum", "36,"),
    ("token", "Pulumi token", "pul-", "hex", "40"),
    ("token", "PyPI token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", "word", "50,"),
    ("token", "Readme token", "rdme_", "lower", "70,"),
    ("token", "Replicate token", "r8_", "alnum", "37,"),
    ("api_key", "RubyGems key", "rubygems_", "hex", "48"),
    ("token", "Scalingo token", "tk-us-", "word", "48,"),
    ("api_key", "SendGrid key", "SG.", "dotted", "66,"),
    ("api_key", "Brevo key", "xkeysib- xsmtpsib-", "word", "64,"),
    ("token", "Sentry token", "sntrys_ sntryu_", "base64", "64,"),
    ("token", "SettleMint token", "sm_aat_ sm_pat_ sm_sat_", "alnum", "16,"),
    ("token", "Shippo token", "shippo_live_ shippo_test_", "hex", "40"),
    ("token", "Shopify token", "shpat_ shpca_ shppa_ shpss_", "hex", "32"),
    ("token", "Slack token", "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs-", "dotted", "8,"),
    ("token", "Slack token", "xapp- xwfp-", "word", "20,"),
    ("token", "Sourcegraph token", "sgp_", "word", "40,"),
    ("token", "Square token", "sq0atp- sq0csp- sq0idp- EAAA", "word", "22,"),
    ("api_key", "Stripe key", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_", "alnum", "10,"),
    ("token", "Supabase token", "sbp_ sb_secret_", "word", "24,"),
    ("api_key", "Tailscale key", "tskey-", "word", "20,"),
    ("api_key", "Tavily key", "tvly-", "word", "20,"),
    ("api_key", "Twilio key", "SK AC", "lower", "32"),
    ("token", "Typeform token", "tfp_", "dotted", "40,"),
    ("token", "Vault token", "hvs. hvb. hvr.", "word", "24,"),
    ("api_key", "xAI key", "xai-", "alnum", "60,"),
    ("api_key", "Yandex key", "AQVN", "word", "35,"),
    ("private_key", "age secret key", "AGE-SECRET-KEY-1", "upper", "58"),
    ("token", "base64 of a JSON web token", "ZXlK", "base64", "60,"),
)

# kind, label, what the text must hold, the pattern, of which group 1, if any, is the secret
_SHAPED: tuple[tuple[Kind, str, str, str], ...] = (
    (
        "private_key",
        "private key",
        "PRIVATE",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:(?:[^-]|-(?!----))++-----END [A-Z0-9 ]{1,50}-----|(?:(?:\s|\\[nr])*+[A-Za-z0-9+/=]{16,}+)++)",
    ),
    ("private_key", "PuTTY key", "PuTTY-", r"PuTTY-User-Key-File-\d.*+(?:\n(?:[\w-]+: .*+|[\w+/=]++))*+"),
    ("api_key", "1Password key", "A3-", r"\bA3-[A-Z0-9]{6}-[A-Z0-9]{6}-?[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3}\b"),
    ("token", "Airtable token", "pat", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
    ("api_key", "AWS access key", "A3T", r"\bA3T[A-Z0-9]{17}\b"),
    (
        "password",
        "Artifactory password",
        "AP",
        r"(?i:artif|jfrog)[^\n]{0,60}?(?<![A-Za-z0-9])(AP[0-9A-F][A-Za-z0-9]{8,}+)",
    ),
    ("token", "Azure client secret", "Q~", r"(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w~-])"),
    ("token", "Authress key", ".acc", r"\b[a-z]{2,8}_\w{5,30}\.\w{4,6}\.acc[_-][\w.+/=-]{40,}+"),
    ("token", "Discord token", ".", r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])"),
    ("token", "Facebook token", "|", r"(?<!\d)\d{15,16}[|%][\w-]{27,40}(?![\w-])"),
    ("token", "Harness token", "at.", r"\b[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}\b"),
    (
        "token",
        "JSON web token",
        "eyJ",
        r"(?<![\w-])eyJ[\w-]{10,}+={0,2}\.[\w-]{10,}+={0,2}(?:\.[\w+/=-]*+){0,3}",
    ),
    (
        "token",
        "Kubernetes secret",
        "kind: Secret",
        r"(?m)^[ \t]{1,12}[\w.-]{1,60}: {1,3}((?:[A-Za-z0-9+/]{4}){2,}+(?:[\w+/]{2}==|[\w+/]{3}=)?)\s{0,9}$",
    ),
    ("api_key", "Mailchimp key", "-us", r"(?<![0-9a-z])[0-9a-z]{32}-us\d{1,2}\b"),
    ("api_key", "MaxMind key", "_mmk", r"\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b"),
    (
        "token",
        "npm registry token",
        ":_",
        r"//[^\s:]{1,100}:_(?:authToken|auth|password)\s?=\s{0,3}+(?![$\[<{*])(\S{4,}+)",
    ),
    ("api_key", "OpenAI key", "sk-", r"(?<![\w-])sk-(?=[A-Za-z_-]{0,60}\d)[\w-]{20,}+"),
    ("token", "PayPal token", "access_token$", r"access_token\$(?:production|sandbox)\$[\w$]{40,}+"),
    ("token", "Plaid token", "access-", r"\baccess-(?:sandbox|development|production)-[0-9a-f-]{36}\b"),
    ("token", "Sidekiq secret", "CONTRIBSYS", r"CONTRIBSYS__COM\W{1,5}([0-9a-f]{8}:[0-9a-f]{8})\b"),
    ("token", "SoftLayer key", "softlayer.com", r"softlayer\.com/soap/v3(?:\.1)?/([a-zA-Z0-9]{64})"),
    ("token", "Telegram token", ":A", r"(?<!\d)\d{5,16}:A[\w-]{34}(?![\w-])"),
    ("token", "Terraform token", ".atlasv1.", r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}+"),
    ("token", "Vault token", "s.", r"(?<![\w.-])s\.(?=\D{0,23}\d)(?=\d{0,23}\D)[A-Za-z0-9]{24}\b"),
    ("token", "Yandex token", "t1.", r"\bt1\.[\w-]{1,400}=?=?\.[\w-]{86}=?=?"),
    ("token", "webhook address", "hooks.slack.com/", r"hooks\.slack\.com/[a-z]{4,20}/([\w+/]{20,}+)"),
    ("token", "webhook address", "/webhooks/", r"discord(?:app)?\.com/api/webhooks/(\d{15,22}/[\w-]{30,}+)"),
    ("token", "webhook address", "webhook.office.com", r"webhook\.office\.com/webhookb2/([\w@/-]{60,}+)"),
    ("token", "session cookie", "_gitlab_session", r"_gitlab_session=([0-9a-z]{32})"),
    ("token", "signed address", "=", r"(?i)[?&](?:sig|x-amz-signature|x-goog-signature)=([\w%+/-]{30,}+=*)"),
    (
        "password",
        "password in an address",
        "://",
        r"://[^\s:/@\"'<>]{0,128}:(?![$*<{\[]|%[sd@])([^\s/\"'<>]{1,200})@[\w\[$.-]",
    ),
    (
        "password",
        "password of a request",
        "curl",
        r"\bcurl(?:\s++(?!-u|--user)\S{1,300}+){0,20}+\s++(?:-u|--user)[\s=]{0,3}[\"']?"
        r"[^\s:\"']{0,100}:(?![$*<{\[])([^\s\"']{3,200}+)",
    ),
)

# the same, of which the text may only speak
_SUSPECTED: tuple[tuple[Kind, str, str, str], ...] = (
    ("private_key", "start of a private key", "PRIVATE", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
)


def _rows() -> Iterator[tuple[Kind, str, bool, tuple[str, ...], str]]:
    for kind, label, prefixes, alphabet, length in _PREFIXED:
        names = tuple(prefixes.split())
        counted = f"{{{length}}}" + ("+" if "," in length else "")
        start = "|".join(map(re.escape, names))
        pattern = rf"(?<![A-Za-z0-9])(?:{start})[{_ALPHABETS[alphabet]}]{counted}(?![A-Za-z0-9])"
        yield kind, label, True, names, pattern
    for certain, rows in ((True, _SHAPED), (False, _SUSPECTED)):
        for kind, label, needed, pattern in rows:
            yield kind, label, certain, (needed,), pattern


FORMATS = tuple(_rows())
"""Kind, label, certain, the strings of which a text must hold one, the pattern."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled on first need: a message rarely needs more than a few, and all of them take 0.1 s."""
    return re.compile(pattern, re.ASCII)


def find_formats(text: str) -> Iterator[Hit]:
    """Every value in a known format; hits may overlap."""
    for kind, label, certain, needed, pattern in FORMATS:
        if any(part in text for part in needed):
            for found in compiled(pattern).finditer(text):
                yield Hit(kind, *found.span(found.re.groups and 1), certain, label)
