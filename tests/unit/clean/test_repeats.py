"""A text that stands twice counts once; a sentence that a report says twice stays."""

from pipeline.clean import clean
from pipeline.clean.repeats import repeated_lines
from pipeline.records import Decoded

REPORT = (
    "2023年,本区坚持以习近平法治思想为指导,扎实推进法治政府建设。",
    "一、主要举措和成效",
    "梳理确定两级年度重大行政决策事项8项,开展重大行政决策源头治理专项行动和案卷质量提升行动。审查合同130件。",
    "全年收到行政复议申请98件,其中决定受理89件,不予受理9件;参与行政应诉30件。",
    "二、存在的问题",
    "少数单位领导干部对推进法治建设第一责任人职责不清晰,对法治工作重视程度不够。",
)


def body(*lines: str) -> list[str]:
    return clean(Decoded("\n".join(lines), "text/plain", "utf-8")).body.text.split("\n")


def test_a_page_that_holds_its_text_twice_has_it_once() -> None:
    assert body("日期:2024-02-23", *REPORT, "分享:", "某区年度报告", "发布时间:2024-02-23", *REPORT) == list(REPORT)


def test_three_copies_count_once() -> None:
    assert body(*REPORT, *REPORT, "打印", *REPORT) == list(REPORT)


def test_a_copy_with_other_line_breaks_counts_once() -> None:
    assert body(*REPORT, "".join(REPORT[2:4])) == list(REPORT)


def test_a_copy_that_differs_in_a_sentence_counts_once() -> None:
    changed = [line.replace("审查合同130件", "审查各类合同共计一百三十件次") for line in REPORT]
    assert body(*REPORT, "打印", *changed) == list(REPORT)


def test_a_summary_that_breaks_off_is_not_a_part_of_the_text() -> None:
    assert body("某区2023年法治政府建设报告", f"{REPORT[0][:24]}……", *REPORT) == list(REPORT)


def test_a_first_copy_that_holds_only_the_beginning_gives_way_to_the_whole() -> None:
    long = [*REPORT, *(f"第{n}个乡镇收到行政复议申请{n}8件,全部按期办结,没有发生行政诉讼败诉的情况。" for n in range(1, 9))]
    beginning = [REPORT[0], REPORT[2]]
    assert body(*beginning, "更多", *long) == long


def test_a_sentence_that_a_report_says_twice_stays() -> None:
    again = "全市行政机关负责人出庭应诉率100%。"
    text = [REPORT[0], again, REPORT[2], again, REPORT[3]]
    assert body(*text) == text


def test_lines_that_are_no_running_text_are_not_compared() -> None:
    texts = ["序号", "序号", "一、工作", "一、工作"]
    assert repeated_lines(texts, [False] * 4) == set()
