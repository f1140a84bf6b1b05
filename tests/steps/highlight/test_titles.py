"""Titles and hooks are whole clauses of the speech."""

from __future__ import annotations

import pytest

from steps.highlight.describe import closed, hashtags_of
from steps.highlight.keywords import content_words, top_words
from steps.highlight.lexicon import lexicon_of
from steps.highlight.sentences import Sentence
from steps.highlight.titles import clauses, ranked_clauses, tidy
from tests.steps.highlight.speech import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("And so the telescope unfolded its mirror.", ["The telescope unfolded its mirror"]),
        ("well i think i'm done", ["I think I'm done"]),
        ("Why did nobody tell me?", ["Why did nobody tell me?"]),
        ("Three hospitals.", []),
        ("Because the rope broke.", ["The rope broke"]),
        (
            "The telescope unfolded its mirror, and everybody down here held their breath for us.",
            ["The telescope unfolded its mirror", "Everybody down here held their breath for us"],
        ),
        (
            "If you learn until four in the morning and then sleep for three hours, you have lost.",
            ["You have lost"],
        ),
        (
            "The man who had lost his only boat in the storm of that winter never came back to us.",
            [],
        ),
        ("She said that it was over.", ["She said that it was over"]),
        (
            "This is the optical and science segment of NASA’s telescope in the large clean room.",
            [],
        ),
        ("So, um, I'm on the train, right, and he's, you know, he's asleep.",
         ["I'm on the train, and he's asleep"]),
        ("No one knows what it costs.", ["No one knows what it costs"]),
        ("Look at what she did to me.", ["Look at what she did to me"]),
        ("No, we never found the boat.", ["We never found the boat"]),
        ("I came, I saw the sea.", ["I came, I saw the sea"]),
        ("Now is the time to leave.", ["Now is the time to leave"]),
        ("Now every textbook says that it was resonance.",
         ["Every textbook says that it was resonance"]),
        ("when you push a child on a swing", []),
        ("My daughter told me that when she was fourteen.", []),
        ("I know that if you try, it works.", ["I know that if you try, it works"]),
        ("He looks at my hand for a very long time, really calm, he goes, it's in there.",
         ["He looks at my hand for a very long time, really calm", "He goes, it's in there",
          "It's in there"]),
        ("And after eleven long minutes he said, do you know how to make a roux for my sauce?",
         []),
        ("Number nineteen, Maya Reyes of the far north, is just sixteen years old this week.", []),
        (
            "We built the largest telescope and everybody held their breath for eleven long days.",
            ["We built the largest telescope"],
        ),
    ],
)  # fmt: skip
def test_a_clause_is_whole_or_left_out(text: str, expected: list[str]) -> None:
    assert clauses(text.split(), lexicon_of("en"), 60) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Und das Brot war so hart wie ein Stein.", ["Das Brot war so hart wie ein Stein"]),
        ("de", "Die Uhr weiß nicht, wie warm eure Küche ist.",
         ["Die Uhr weiß nicht, wie warm eure Küche ist"]),
        ("de", "Das Brot war so hart, dass mein Freundeskreis damit die Türen aufgehalten hat.",
         []),
        ("de", "Weil das Salz dem Mehl das Wasser wegnimmt, das es für einen weichen Teig braucht.",
         []),
        ("de", "Also habe ich meine Oma angerufen.", []),
        ("es", "No sé qué decir ahora.", ["No sé qué decir ahora"]),
        ("pt", "Não sei o que dizer.", ["Não sei o que dizer"]),
        ("ja", "今日はとても寒いです。", ["今日はとても寒いです"]),
        ("sv", "Det var en mycket kall morgon.", ["Det var en mycket kall morgon"]),
    ],
)  # fmt: skip
def test_clauses_in_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert clauses(text.split(), lexicon_of(language), 60) == expected


@pytest.mark.parametrize(
    ("language", "weak", "good"),
    [
        ("en", "What did he say to you afterwards?", "The letter had a photograph in it."),
        ("en", "I know that you are hungry now.", "Cut the bread when it is cold."),
        ("de", "Ich weiß, dass ihr Hunger habt.", "Schneidet das Brot nicht an, es ist heiß."),
    ],
)
def test_a_title_names_what_it_is_about(language: str, weak: str, good: str) -> None:
    lexicon = lexicon_of(language)
    for order in ((weak, good), (good, weak)):
        spoken = [Sentence(tuple(words(text)), 0) for text in order]
        (best, _), *_ = ranked_clauses(spoken, [0.0, 0.0], lexicon, 60)
        assert best == good.rstrip(".")


def test_half_a_quotation_loses_its_mark() -> None:
    assert tidy("“stop the boat, he said", lexicon_of("en")) == "Stop the boat, he said"
    assert tidy("he said “stop” twice.", lexicon_of("en")) == "He said “stop” twice"


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("ru", "фильм «Брат».", "Фильм «Брат»"),
        ("de", "er sagte „Ja“ und ging.", "Er sagte „Ja“ und ging"),
        ("de", "„Das ist gut.“", "Das ist gut"),
        ("de", "»Ja«, sagte er.", "Ja, sagte er"),
        ("fr", "il a lu « Le Monde ».", "Il a lu « Le Monde »"),
        ("fr", "il a dit « oui et il part.", "Il a dit oui et il part"),
        ("en", "he read “Dune.”", "He read “Dune”"),
        ("en", "NASA (the “agency”).", "NASA (the “agency”)"),
    ],
)
def test_quotations_keep_both_marks_or_none(language: str, text: str, title: str) -> None:
    assert tidy(text, lexicon_of(language)) == title


def test_tags_are_words_that_people_search_for() -> None:
    words = "40,000 along engine eleven zwischen Ärger".lower().split()
    assert top_words(dict.fromkeys(words, 1.0), words, 9) == ("engine", "ärger")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She's in the grandmother's kitchen at five o'clock", ["grandmother", "kitchen"]),
        ("C'était l'arbre qu'on m'a donné aujourd'hui", ["arbre", "donné"]),
        ("今日は私の一番大きな失敗について話します。", ["今日", "一番", "失敗"]),
        ("ラーメンを食べました", ["ラーメン"]),
        ("因为我一生中最大的错误", ["一生", "错误"]),
    ],
)
def test_what_is_joined_to_a_word_is_no_part_of_a_tag(text: str, expected: list[str]) -> None:
    assert content_words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works", "It works."),
        ("Does it work?", "Does it work?"),
        ("どうしたんですか？", "どうしたんですか？"),
        ("一人です", "一人です。"),
        ("ฉันชอบมัน", "ฉันชอบมัน"),
    ],
)  # fmt: skip
def test_a_sentence_is_closed_as_its_script_does(text: str, expected: str) -> None:
    assert closed(text) == expected


def test_hashtags_keep_vowel_signs_and_no_emoji() -> None:
    assert hashtags_of(["हिन्दी", "สวัสดี", "❤️", "rock-pop", "c'est"]) == (
        "हिन्दी",
        "สวัสดี",
        "rockpop",
        "cest",
    )
