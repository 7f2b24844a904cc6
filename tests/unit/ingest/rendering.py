"""Renders one report the way that government sites, word processors and printers do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import docx
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Paragraph, SimpleDocTemplate


@dataclass(frozen=True)
class Report:
    title: str
    issuer: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed: str = "2021年3月15日"
    published: str = "2021-03-20"


def _paragraphs(report: Report, before: str, after: str) -> str:
    return "\n".join(f"{before}{escape(text)}{after}" for text in (report.addressee, *report.paragraphs, report.issuer, report.signed))


def _menu(count: int = 9) -> str:
    names = ("首页", "政务公开", "政务服务", "互动交流", "走进我市", "机构职能", "政策文件", "规划计划", "数据发布")
    return "<ul>" + "".join(f'<li><a href="/{i}">{name}</a></li>' for i, name in enumerate(names[:count])) + "</ul>"


def _others() -> str:
    titles = (
        "市政府召开常务会议，研究部署安全生产、防汛救灾和稳增长等重点工作",
        "关于公布2020年度行政规范性文件清理结果的通知",
        "我市出台优化营商环境若干措施，为企业减负纾困、助力高质量发展迈出新步伐，让群众更有获得感",
        "关于开展“八五”普法的决议",
    )
    return "".join(f'<li><a href="/n{i}">{title}</a><span>2021-03-1{i}</span></li>' for i, title in enumerate(titles))


def article_page(report: Report) -> bytes:
    """Breadcrumb, heading, a bar of metadata, paragraphs, share bar, footer."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{report.title}_市政府网</title>
<meta name="ArticleTitle" content="{report.title}">
<style>.bar{{color:red}}</style><script>var a = "<p>脚本里的句子不是正文。</p>";</script></head><body>
<div class="top"><a href="/">网站首页</a></div>{_menu()}
<div class="loc">您当前的位置：<a href="/">首页</a> &gt; <a href="/a">政务公开</a> &gt; <a href="/b">法治政府建设</a></div>
<h1>{report.title}</h1><div class="bar">发布时间：{report.published} 15:29 &nbsp; 来源：市司法局
&nbsp; 浏览次数：<span>123</span> 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<div id="zoom">{_paragraphs(report, "<p>　　", "</p>")}</div>
<div class="share">分享到：<a>微信</a><a>微博</a></div><p>【打印本页】 【关闭窗口】</p>
<div>上一篇：<a href="/x">关于某事的通知</a></div><div>下一篇：<a href="/y">关于另一事的通知</a></div>
<footer>版权所有：市人民政府 ICP备05000001号</footer></body></html>""".encode()


def metadata_table_page(report: Report) -> bytes:
    """A table of 索引号 and its like, then Word's paragraphs in a table cell."""
    return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>信息公开</title></head><body>
<table class="meta"><tr><td>索 引 号：</td><td>005452065/2021-00009</td><td>主题分类：</td><td>政府文件</td></tr>
<tr><td>发布机构：</td><td>{report.issuer}</td><td>成文日期：</td><td>2021-03-15</td></tr>
<tr><td>名&nbsp;&nbsp;称：</td><td colspan=3>{report.title}</td></tr>
<tr><td>公开方式：</td><td>主动公开</td><td>有 效 性：</td><td>有效</td></tr></table>
<table width="100%"><tr><td><div style="text-align:center">{report.title}</div>
{_paragraphs(report, '<p class="MsoNormal" style="text-indent:32pt"><span style="font-size:16pt">', "<o:p></o:p></span></p>")}
</td></tr></table>
<p>附件：<a href="a.doc">{report.title}.doc</a></p><p>扫一扫在手机打开当前页</p></body></html>""".encode()


def break_soup_page(report: Report) -> bytes:
    """One block, lines ended by <br>, indented by &nbsp;, tags in capitals and never closed, GB 2312."""
    body = "<BR><BR>\n".join(
        "&nbsp;&nbsp;&nbsp;&nbsp;" + escape(text) for text in (report.addressee, *report.paragraphs, report.issuer, report.signed)
    )
    page = f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312"><TITLE>{report.title}</TITLE></HEAD><BODY>
<CENTER><FONT SIZE=5><B>{report.title}</B></FONT></CENTER><CENTER>{report.published} 作者：办公室 点击数：88</CENTER><HR>
<DIV><FONT FACE=宋体>{body}<BR><BR>【<A HREF="javascript:window.print()">打印</A>】【<A HREF="javascript:window.close()">关闭</A>】
<DIV>主办：市人民政府 承办：市政府办公室 技术支持：某公司"""
    return page.encode("gb18030")


def sidebar_page(report: Report) -> bytes:
    """Layout tables: a column of links, the text in divs, other articles below."""
    return f"""<!doctype html><html><head><meta charset=utf-8></head><body><table><tr><td>{_menu()}</td><td><table><tr><td>
<div>{report.title}</div><div>日期：{report.published}</div><div>来源：市府办</div>
{_paragraphs(report, "<div>", "</div>")}
<div>责任编辑：张三</div></td></tr></table></td></tr></table>
<div>相关链接</div><ul>{_others()}</ul><div>网站地图 | 联系我们 | 关于我们</div>
<div>地址：市行政中心 邮编：322100</div></body></html>""".encode()


def twice_on_page(report: Report) -> bytes:
    """The desktop and the mobile version are both in the page, and a hidden one for printing."""
    text = _paragraphs(report, "<p>", "</p>")
    return f"""<html><head><meta charset="utf-8"><style>.print-only {{ display: none; }}
@media print {{ .pc {{ display: none }} }}</style></head><body>
<div class="pc"><h2>{report.title}</h2><p>日期：{report.published}</p>{text}<p>分享：</p></div>
<div class="mobile"><h3>{report.title}</h3><p>发布时间：{report.published}</p><p>信息来源：市府办</p>{text}</div>
<div class="print-only"><p>打印版的句子,不应当出现在正文里。</p>{text}</div></body></html>""".encode()


def wrongly_declared_page(report: Report) -> bytes:
    """Served as UTF-8, declared as GBK."""
    return f"""<html><head><meta charset="gbk"></head><body><div>{report.title}</div><div>发布日期：{report.published}</div>
{_paragraphs(report, "<p>", "</p>")}<div>打印</div></body></html>""".encode()


def split_numbers_page(report: Report) -> bytes:
    """HTML5; every figure in a span of its own, zero-width spaces and no-break spaces between."""
    text = _paragraphs(report, "<p>&emsp;&emsp;", "</p>")
    text = re.sub(r"\d+", r"<span lang=EN-US>\g<0></span>&#8203;", text)
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"></head><body><header><h1>{report.title}</h1></header>
<nav>{_menu()}</nav><main><article><section><p><time>{report.published}</time></p>{text}</section></article></main>
<aside>热门推荐{_others()}</aside><footer><p>政府网站标识码：3307830001</p></footer></body></html>""".encode()


def teaser_page(report: Report) -> bytes:
    """A summary that is cut off stands above; nothing is ever closed."""
    teaser = report.paragraphs[0][:40]
    text = "".join(f"<p>{escape(part)}" for part in (report.addressee, *report.paragraphs, report.issuer, report.signed))
    return f"""<html><meta charset=utf-8><body><!-- 注释里的句子不是正文。 --><div class=crumb>首页 &gt; 公开 &gt; 正文
<div><b>{report.title}</b><div>{teaser}……<div>索引号：005452065<br>发布日期：{report.published}<div>{text}<p>附件下载<p>关闭""".encode()


def padded_page(report: Report) -> bytes:
    """A frame of notices around: cookies, old browsers, links that lead away, visitor counters."""
    return f"""<html><head><meta charset="utf-8"></head><body><div>您的浏览器版本过低，请升级后再访问。</div>
<div>今天是2021年3月20日 星期六</div>
<div>欢迎访问市人民政府门户网站！</div>{_menu(6)}<div>{report.title}</div><div>[2021-03-20] 浏览次数：[55]</div>
{_paragraphs(report, "<p>", "</p>")}<div>（此件公开发布）</div>
<div style="display:none">您访问的链接即将离开本站，是否继续？</div><div>您访问的链接即将离开“市政府”门户网站，是否继续？</div>
<div>本网站内容未经许可不得转载。</div><div>您是第12345位访问者</div></body></html>""".encode()


def one_line_page(report: Report) -> bytes:
    """All paragraphs run together in one block, told apart by their indentation."""
    body = "　　".join(escape(text) for text in report.paragraphs)
    return f"""<html><head><meta charset="utf-8"></head><body><div>{report.title}</div><div>时间：{report.published}</div>
<div>{report.addressee}</div>
<div>　　{body}</div><div>{report.issuer}</div><div>{report.signed}</div></body></html>""".encode()


HTML_LAYOUTS: tuple[Callable[[Report], bytes], ...] = (
    article_page,
    metadata_table_page,
    break_soup_page,
    sidebar_page,
    twice_on_page,
    wrongly_declared_page,
    split_numbers_page,
    teaser_page,
    padded_page,
    one_line_page,
)


def pdf(report: Report, *, encrypt: str | None = None) -> bytes:
    """A4, 16 points, with a running head and page numbers; the font is named, not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    text = ParagraphStyle("text", fontName="STSong-Light", fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK")
    centred = ParagraphStyle("title", parent=text, fontSize=20, firstLineIndent=0, alignment=1)
    flush = ParagraphStyle("flush", parent=text, firstLineIndent=0)
    right = ParagraphStyle("right", parent=flush, alignment=2)

    def frame(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(72, 800, f"{report.issuer}文件")
        canvas.drawCentredString(297, 30, f"— {template.page} —")

    story = [
        Paragraph(escape(report.title), centred),
        Paragraph(escape(report.addressee), flush),
        *(Paragraph(escape(paragraph), text) for paragraph in report.paragraphs),
        Paragraph(report.issuer, right),
        Paragraph(report.signed, right),
    ]
    stream = io.BytesIO()
    SimpleDocTemplate(stream, encrypt=encrypt).build(story, onFirstPage=frame, onLaterPages=frame)
    return stream.getvalue()


def word(report: Report) -> bytes:
    """A DOCX with a header, and the report in plain paragraphs."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = f"{report.issuer}文件"
    for paragraph in (report.title, report.addressee, *(f"　　{text}" for text in report.paragraphs), report.issuer, report.signed):
        document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
