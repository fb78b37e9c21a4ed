"""How words are really typed: in any case and Unicode form, joined, as emoji, with slips of the finger."""

import unicodedata

# What an apostrophe joins, as the classes of its parts. Each is also known without its apostrophe,
# except where that is a word of its own (ill, well, were, wed, id).
JOINED: dict[str, str] = {
    "i'm": "self be", "we're": "self be", "i've": "self have", "we've": "self have",
    "i'll": "self future", "we'll": "self future", "i'd": "self wish", "we'd": "self wish",
    "it's": "it be", "that's": "it be", "everything's": "it be", "it'll": "it future", "that'll": "it future",
    "there's": "there be", "who's": "wh be", "what's": "what be", "how's": "how be", "where's": "wh be",
    "when's": "when be", "why's": "wh be",
    "they're": "they be", "they've": "they have", "they'll": "they future",
    "you're": "you be", "you've": "you have", "you'll": "you future",
    "isn't": "be neg", "aren't": "be neg", "ain't": "be neg", "wasn't": "was neg", "weren't": "was neg",
    "haven't": "have neg", "hasn't": "has neg", "hadn't": "neg", "don't": "do neg", "doesn't": "does neg",
    "didn't": "did neg", "can't": "can neg", "couldn't": "can neg", "won't": "will neg",
    "wouldn't": "modal neg", "shouldn't": "modal neg", "mustn't": "wish neg", "needn't": "wish neg",
    "dunno": "hedge neg", "j'ai": "self have",
}  # fmt: skip
NOT_WITHOUT_APOSTROPHE = frozenset({"i'll", "we'll", "we're", "we'd", "i'd"})

# Signs, emoji and their short codes; any other sign is `other`.
SIGNS: dict[str, str] = {
    "tick": "✅ ✔ ☑ :white_check_mark: :heavy_check_mark: :ballot_box_with_check: :check:",
    "cheer": """
        🎉 🚀 💪 🥳 🙌 👍 😀 😃 😄 😊 🙂 😎 🔥 ✨ 🎊 👏 💯 🤩 😁 🤗 🏆 ⭐ 🌟 💥 🙏 🤝 😌 🍾 🥂 ❤ 👋 ☺ 🎈 👌
        🎁 🍻 🍺 🫡 🕺 💃 🏁 💚 💙 ✌ 🤘 🥇 🏅 ⚡ 😇 🤓 🤙 💫
        :tada: :rocket: :muscle: :partying_face: :raised_hands: :thumbsup: :+1: :smile: :fire: :sparkles:
        :clap: :100: :pray: :wave: :heart:""",
    "neg": "❌ 🚫 ⛔ 👎 ✖ 🛑 ✗ ✘ :x: :no_entry: :no_entry_sign: :thumbsdown: :-1: :octagonal_sign:",
    "rem": "⏳ ⌛ 🚧 🔜 🔄 ⏰ ⚠ 🔴 🟡 🟠 :hourglass: :construction: :soon: :warning: :red_circle:",
    "hedge": "🤞 🤔 🤷 :crossed_fingers: :thinking: :thinking_face: :shrug:",
    "and": "& +",
}

# Words worth a guess when mistyped, and real words that one slip would make of them.
OFTEN_MISTYPED = """
    done finished completed complete closed resolved working blocked waiting testing tested fixed started
    email velocity productivity tickets please status almost nearly finish close many ticket stats failing
    reviewing finally successfully today yesterday deployed verified officially send write show team with
"""
REAL_WORDS = frozenset({"competed", "compete", "stared"})

# Characters that show nothing: zero width, direction marks, variation selectors, skin tones, soft hyphen.
_INVISIBLE = (
    *(0xAD, 0x180E, 0xFEFF, 0xFE0E, 0xFE0F),
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0x1F3FB, 0x1F400),
)  # fmt: skip
_PLAIN: dict[int, str | None] = dict.fromkeys(_INVISIBLE)
_PLAIN.update({ord(mark): "'" for mark in "‘’‚‛′ʼ＇"})
_PLAIN.update({ord(mark): '"' for mark in "“”„‟«»″"})
_PLAIN.update({ord(mark): "?" for mark in "❓❔؟"})
_PLAIN[ord("⁄")] = "/"


def visible(text: str) -> str:
    """The text in one form of each character, without those that show nothing."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)


def normalise(text: str) -> str:
    """The visible text in lower case."""
    return visible(text).casefold()


def slips(word: str) -> set[str]:
    """What one slip makes of `word`: two letters swapped, one doubled, or one (not the first) lost."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    lost = {word[:i] + word[i + 1 :] for i in range(1, len(word))} if len(word) > 5 else set()
    return (swapped | doubled | lost) - {word} - REAL_WORDS
