"""Old encodings: the right letters, or a refusal with the candidates."""

# ruff: noqa: RUF001
import pytest

from steps.formats.encodings import UnsureEncoding, decoded
from steps.formats.written import language_of

TEXTS = {
    "ar": "أكبر خطأ في حياتي استغرق إحدى عشرة ثانية. أفكر فيه كل يوم.",
    "bg": "Най-голямата грешка в живота ми продължи единадесет секунди. Мисля за това всеки ден.",
    "cs": "Největší chyba mého života trvala jedenáct sekund. Myslím na to každý den.",
    "de": "Der größte Fehler meines Lebens dauerte elf Sekunden. Ich denke täglich daran.",
    "el": "Το μεγαλύτερο λάθος της ζωής μου κράτησε έντεκα δευτερόλεπτα. Το σκέφτομαι κάθε μέρα.",
    "en": "The biggest mistake of my life took eleven seconds – and I’m still thinking about it.",
    "es": "El mayor error de mi vida duró once segundos. ¿Por qué? Pienso en él cada mañana.",
    "fr": "La plus grosse erreur de ma vie a duré onze secondes. J’y pense à chaque été passé.",
    "he": "הטעות הגדולה בחיי ארכה אחת עשרה שניות. אני חושב על זה כל יום.",
    "hu": "Életem legnagyobb hibája tizenegy másodpercig tartott. Minden nap rá gondolok.",
    "ja": "私の人生で最大の失敗は十一秒でした。毎日それを考えています。",
    "ko": "내 인생에서 가장 큰 실수는 십일 초 걸렸다. 매일 그것을 생각한다.",
    "lt": "Didžiausia mano gyvenimo klaida truko vienuolika sekundžių. Kasdien apie ją galvoju.",
    "pl": "Największy błąd mojego życia trwał jedenaście sekund. Myślę o nich każdego dnia.",
    "ru": "Самая большая ошибка в моей жизни длилась одиннадцать секунд. Я думаю о них.",
    "th": "ความผิดพลาดครั้งใหญ่ที่สุดในชีวิตของฉันใช้เวลาสิบเอ็ดวินาที ฉันคิดถึงมันทุกวัน",
    "tr": "Hayatımın en büyük hatası on bir saniye sürdü. Her gün onları düşünüyorum.",
    "uk": "Найбільша помилка мого життя тривала одинадцять секунд. Я думаю про них щодня.",
    "zh": "我一生中最大的错误只用了十一秒。二十年来我每天都在想它。",
    "zh-TW": "我一生中最大的錯誤只用了十一秒。二十年來我每天都在想它。",
}  # fmt: skip
OLD = [
    ("ar", "cp1256"), ("bg", "cp1251"), ("cs", "cp1250"), ("de", "cp1252"), ("el", "cp1253"),
    ("en", "cp1252"), ("es", "latin-1"), ("fr", "cp1252"), ("he", "cp1255"), ("hu", "cp1250"),
    ("ja", "shift_jis"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "euc_kr"),
    ("lt", "cp1257"), ("pl", "cp1250"), ("pl", "iso8859_2"), ("ru", "cp1251"), ("ru", "koi8_r"),
    ("ru", "cp866"), ("th", "tis_620"), ("tr", "iso8859_9"), ("uk", "koi8_u"), ("zh", "gbk"),
    ("zh-TW", "big5"),
]  # fmt: skip
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


def captions(text: str) -> str:
    half = len(text) // 2
    return (
        f"1\n00:00:01,000 --> 00:00:04,000\n{text[:half]}\n\n"
        f"2\n00:00:04,500 --> 00:00:08,000\n{text[half:]}\n"
    )


@pytest.mark.parametrize(("language", "encoding"), OLD)
def test_old_encodings(language: str, encoding: str) -> None:
    text = captions(TEXTS[language].replace("’", "'") if encoding == "latin-1" else TEXTS[language])
    data = text.encode(encoding)
    assert decoded(data) == text
    assert decoded(data, language[:2]) == text


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_unicode_needs_no_guess(language: str, encoding: str) -> None:
    text = captions(TEXTS[language])
    assert decoded(text.encode(encoding)) == text


def test_short_text_is_refused_unless_its_language_is_known() -> None:
    data = captions("Żółw.").encode("cp1250")
    with pytest.raises(UnsureEncoding, match=r"may be .*cp1250.*: save it as UTF-8"):
        decoded(data)
    assert decoded(data, "pl") == captions("Żółw.")


def test_a_text_in_another_language_than_stated_is_refused() -> None:
    data = captions(TEXTS["ru"]).encode("cp1251")
    with pytest.raises(
        UnsureEncoding, match=r"may be cp1251 \(ru\), and no reading of it is in 'en'"
    ):
        decoded(data, "en")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnsureEncoding):
        decoded(bytes(range(256)) * 4)


def test_damaged_utf_8_is_still_utf_8() -> None:
    data = captions(TEXTS["ru"] * 3).encode()
    assert decoded(data[:200] + b"\xff" + data[200:]).count("\ufffd") <= 2


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_text(language: str) -> None:
    assert language_of(captions(TEXTS[language])) == language[:2]


def test_a_language_may_be_taken_for_one_much_like_it() -> None:
    text = "Najveća greška mog života trajala je jedanaest sekundi. Mislim na nju svaki dan."
    assert language_of(text, "hr") == "hr"
    assert decoded(captions(text).encode("cp1250"), "hr") == captions(text)
    assert language_of(text, "sl") != "sl"


def test_a_short_text_has_no_language() -> None:
    assert language_of("Hello you") == ""
    assert language_of("1 2 3 <i>...</i>") == ""
