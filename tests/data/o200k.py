"""What a real tokenizer counts in texts of many kinds, so that the estimate is tested against it.

The tokenizer is too large to be a dependency. To measure again, after a change of a text:
pip install bpe-openai, then python -m tests.data.o200k, which writes o200k_counts.json.
"""

import base64
import json
import sys
from importlib import import_module
from pathlib import Path
from random import Random

from tests.evals import long_texts

COUNTS = Path(__file__).parent / "o200k_counts.json"
_LANGUAGES = {
    "German": (
        "Die Änderung an der Schaltfläche ist fertig, die Prüfung auf der Testumgebung läuft noch. "
        "Könnten Sie bitte bestätigen, dass die Datenbankmigration übernächste Woche ausgeführt wird?"
    ),
    "French": (
        "J'ai corrigé l'erreur sur la page de connexion et vérifié dans l'environnement de "
        "préproduction ; la tâche PAY-12 sera terminée après-demain, pas avant."
    ),
    "Polish": (
        "Poprawiłem błąd na stronie logowania i sprawdziłem na środowisku testowym, jutro wyślę "
        "wiadomość do kierownika i zaktualizuję zgłoszenie."
    ),
    "Greek": "Διόρθωσα το σφάλμα στη σελίδα σύνδεσης και αύριο θα ενημερώσω τον διευθυντή.",
    "Russian": "Исправил ошибку в платёжном модуле, проверил на тестовом стенде, завтра обновлю задачу.",
    "Arabic": "لقد أصلحت الخطأ في صفحة تسجيل الدخول واختبرته في بيئة الاختبار وسأكمل غدا.",
    "Hindi": "मैंने लॉगिन पेज की त्रुटि ठीक कर दी है और कल भुगतान मॉड्यूल पर काम करूँगा।",
    "Chinese": (
        "我已经修复了登录页面的错误，并在测试环境中验证。明天会继续处理支付模块的问题，然后发邮件给经理。"
    ),
    "Japanese": (
        "ログインページのバグを修正し、ステージング環境でテストしました。明日は支払いの作業を続けます。"
    ),
    "Korean": (
        "로그인 페이지의 오류를 수정하고 스테이징 환경에서 테스트했습니다. 내일 결제 모듈을 계속합니다."
    ),
    "emoji": "🎉🚀👍🏽 done 🔥🔥 ✅ 👩‍💻 shipped, 99 % 😅",
}


def samples() -> dict[str, str]:
    """Texts by name. Names that begin with "ordinary" are what the product sees every day."""
    rng = Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = {f"ordinary {name}": text for name, text in _LANGUAGES.items()}
    for at, (kind, text) in enumerate(long_texts.load()):
        found[f"ordinary {kind} {at}"] = text
    found["noise: letters"] = " ".join(
        "".join(rng.choices(letters, k=rng.randint(3, 14))) for _ in range(200)
    )
    found["noise: hexadecimal"] = "\n".join(rng.randbytes(24).hex() for _ in range(40))
    found["noise: base 64"] = "\n".join(base64.b64encode(rng.randbytes(90)).decode() for _ in range(20))
    found["noise: signs"] = "".join(rng.choices("!@#$%^&*()-=+[]{};:'\",.<>/?", k=600))
    return found


def main() -> None:
    encoding = import_module("bpe_openai").get_encoding("o200k_base")
    counts = {name: len(encoding.encode(text)) for name, text in samples().items()}
    COUNTS.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(counts)} texts, {sum(counts.values())} tokens\n")


if __name__ == "__main__":
    main()
