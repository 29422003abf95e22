"""Files that must never be kept, each with a word of the reason given: by name, then what they are called and hold."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

from pypdf import PdfWriter

from tests.files import EXE, JPEG, MP3, MP4, PDF, WAV, docx, ofd, pdf_of, png, text_pdf, xlsx, zipped

Hostile = tuple[str, bytes, str]
TYPE, ENDING, EXTRA = "不是可以接收的类型", "和扩展名不符", "夹带"
BOMB, MARK, PATH = "压缩炸弹", "密级标志", "路径不正常"
HTML = b"<html><body><script>alert(1)</script></body></html>"
PHP = b"<?php system($_GET['c']); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document xmlns:w="w"><w:p>&b;</w:p></w:document>'
TYPES = "[Content_Types].xml"


def _patched(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def _raw_names(*names: str) -> bytes:
    """Give a Word file with members of names that a writer of zips would mend."""
    out = io.BytesIO(docx("正文"))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as made:
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        for name in names:
            member = zipfile.ZipInfo("x")
            member.filename = name
            made.writestr(member, b"x")
    return out.getvalue()


def _locked_member() -> bytes:
    content = bytearray(docx("正文"))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(sign, place + 1)) >= 0:
            content[place + at] |= 1
    return bytes(content)


def _lying() -> bytes:
    """Give a Word file whose directory says that a few bytes become two hundred million."""
    content = docx("正文")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entry = content.find(b"PK\x01\x02", package.start_dir)
    return content[: entry + 24] + struct.pack("<I", 200_000_000) + content[entry + 28 :]


def _rotten() -> bytes:
    content = docx("正文" * 50)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        at = package.getinfo("word/document.xml").header_offset + 30 + len("word/document.xml")
    return content[:at] + b"\xff" * 8 + content[at + 8 :]


def _overlapping() -> bytes:
    """Give a Word file whose directory names one member's bytes a hundred times."""
    plain = docx("正文" * 500)
    end = plain.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", plain[end + 16 : end + 20])[0]
    entry = plain[start:end]
    entries = b"".join(entry.replace(b"word/document.xml", b"word/documen%03d.ml" % n)[: len(entry)] for n in range(60))
    tail = plain[end : end + 8] + struct.pack("<HHII", 120, 120, len(entries), start) + b"\x00\x00"
    return plain[:start] + entries + tail


def _locked_pdf() -> bytes:
    writer, out = PdfWriter(io.BytesIO(text_pdf("正文"))), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _acting_pdf(action: bytes) -> bytes:
    """Give a PDF that does something when it is opened."""
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R/OpenAction<<%s>>>>" % action, b"<</Type/Pages/Kids[]/Count 0>>"])


def _pdf_with_attachment() -> bytes:
    writer, out = PdfWriter(io.BytesIO(text_pdf("正文"))), io.BytesIO()
    writer.add_attachment("a.exe", EXE)
    writer.write(out)
    return out.getvalue()


_SPELT = _acting_pdf(b"/S/J#61vaScript/JS(app.alert\\(1\\))")
_ENDLESS = pdf_of(
    [b"<</Type/Catalog/Pages 2 0 R/Names 9 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9000/Parent 2 0 R>>"]
)
_ZIP = zipped({"a.txt": "x"})
_JAR = zipped({"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})
_TEMPLATE = '<Relationships><Relationship Type="x/attachedTemplate" Target="{}" TargetMode="External"/></Relationships>'

# Ways to write a marking into a sheet that a search of the raw XML could miss.
MARKED_SHEETS: dict[str, str | bytes] = {
    "by number": '<w xmlns="x"><row><c><is><t>秘&#x5bc6;★1年</t></is></c></row></w>',
    "under a prefix": '<x:w xmlns:x="x"><x:row><x:c><x:is><x:t>秘密★1年</x:t></x:is></x:c></x:row></x:w>',
    "behind a comment": '<w xmlns="x"><row><c><is><t>秘<!-- -->密★1年</t></is></c></row></w>',
    "as data": '<w xmlns="x"><row><c><is><t><![CDATA[秘密★1年]]></t></is></c></row></w>',
    "behind an odd attribute": '<w xmlns="x"><row><c><is><t a="&gt;>">秘密★1年</t></is></c></row></w>',
    "in pieces": '<w xmlns="x"><row><c><is><r><t>秘</t></r><r><t>密★1年</t></r></is></c></row></w>',
    "in another encoding": '<?xml version="1.0" encoding="utf-16"?><w xmlns="x"><row><c><is><t>秘密★1年</t></is></c></row></w>'.encode(
        "utf-16"
    ),
}

HOSTILE: dict[str, Hostile] = {
    # What is no document at all, whatever it is called.
    "a program called a PDF": ("报告.pdf", EXE, TYPE),
    "a program": ("报告.exe", EXE, TYPE),
    "a page called a picture": ("图.jpg", HTML, TYPE),
    "a script called a document": ("说明.docx", PHP, TYPE),
    "a drawing with script": ("图.svg", SVG, TYPE),
    "a drawing with script called a picture": ("图.png", SVG, TYPE),
    "an XML drawing with script": ("图.png", b'<?xml version="1.0"?>' + SVG, TYPE),
    "a picture of a kind nobody needs": ("图.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", TYPE),
    "a picture and program in one (GIFAR)": ("图.jpg", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;" + _JAR, TYPE),
    "a zip": ("资料.zip", _ZIP, TYPE),
    "a zip called a Word file": ("资料.docx", _ZIP, TYPE),
    "a program of Java called an Excel file": ("表.xlsx", _JAR, TYPE),
    "a rar": ("资料.rar", b"Rar!\x1a\x07\x00", TYPE),
    "a shell script": ("运行.sh", b"#!/bin/sh\nrm -rf /\n", TYPE),
    "a shortcut called a PDF": ("报告.pdf", b"L\x00\x00\x00\x01\x14\x02\x00", TYPE),
    "plain text": ("说明.pdf", "说明".encode(), TYPE),
    "text that begins like a recording": ("说明.mp3", b"\xff\xfe" + "报告".encode("utf-16-le"), TYPE),
    "a photo of a phone that nobody here can open": ("照片.mp4", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", TYPE),
    "nothing": ("空.pdf", b"", "是空文件"),
    "two kinds in one package": ("表.docx", docx("正文", more={"xl/workbook.xml": "<w/>"}), TYPE),
    # Old or locked documents, whose content nobody can look into.
    "an old Word file": ("说明.doc", OLE, "旧格式"),
    "an encrypted Word file": ("说明.docx", OLE, "加了密码"),
    "a package with a locked member": ("说明.docx", _locked_member(), "设有密码"),
    "an encrypted PDF": ("说明.pdf", _locked_pdf(), "去掉密码"),
    # A name that says something else than the content, or hides what it is.
    "a PDF called a program": ("报告.exe", PDF, ENDING),
    "a PDF called a picture": ("报告.jpg", PDF, ENDING),
    "a picture called a PDF": ("报告.pdf", JPEG, ENDING),
    "a Word file called an Excel file": ("表.xlsx", docx("正文"), ENDING),
    "a PDF with a second ending": ("报告.pdf.exe", PDF, ENDING),
    "a PDF without an ending": ("报告", PDF, ENDING),
    "a path": ("../../x", PDF, ENDING),
    "a name of 300 characters that hides its ending": ("长" * 290 + ".pdf.exe", PDF, ENDING),
    "a name that turns its ending round": ("文件\u202egpj.exe", JPEG, "控制字符"),
    "a name that turns round to look like a PDF": ("报告\u202efdp.pdf", PDF, "控制字符"),
    # One file that is two.
    "a PDF that is a page": ("说明.pdf", b"%PDF-1.7\n" + HTML + PDF, EXTRA),
    "a PDF with a page behind it": ("说明.pdf", PDF + HTML, EXTRA),
    "a PDF with a script behind it": ("说明.pdf", PDF + PHP, EXTRA),
    "a PDF with a zip behind it": ("说明.pdf", PDF + _ZIP, "附带了压缩包"),
    "a PDF with a program behind it": ("说明.pdf", PDF + EXE, EXTRA),
    "a picture with a zip behind it": ("图.jpg", JPEG + _ZIP, "附带了压缩包"),
    "a picture with a program of Java behind it": ("图.jpg", JPEG + _JAR, "附带了压缩包"),
    "a picture with a script behind it": ("图.jpg", JPEG + PHP, EXTRA),
    "a picture with a script in its comment": ("图.jpg", _patched(JPEG, b"\xff\xd9", b"\xff\xfe\x00\x20" + PHP + b"\xff\xd9"), EXTRA),
    "a picture with a page behind it": ("图.jpg", JPEG + HTML, EXTRA),
    "a picture with a drawing in it": ("图.jpg", JPEG + SVG, EXTRA),
    "a picture with a rar behind it": ("图.jpg", JPEG + b"Rar!\x1a\x07\x01\x00", EXTRA),
    "another picture with a zip behind it": ("图.png", png() + _ZIP, "附带了压缩包"),
    "another picture with a script behind it": ("图.png", png() + PHP, "附带了别的内容"),
    "a picture cut off": ("图.png", png()[:-12], "不完整"),
    "another picture cut off": ("图.jpg", JPEG[:-2], "不完整"),
    "a film with a zip behind it": ("录像.mp4", MP4 + _ZIP, "附带了压缩包"),
    "a film with a page in it": ("录像.mp4", MP4 + b"\x00" * 1_048_570 + HTML, EXTRA),
    "a recording with a script behind it": ("录音.mp3", MP3 + PHP, EXTRA),
    "another recording with a zip behind it": ("录音.wav", WAV + _ZIP, "附带了压缩包"),
    "a package that is a PDF": ("说明.docx", zipped({"a": PDF, TYPES: "<Types/>", "word/document.xml": "<w/>"}, zipfile.ZIP_STORED), "又像 PDF"),
    "a package with something behind it": ("说明.docx", docx("正文")[:-2] + b"\x05\x00<?php", "附带了别的内容"),
    # Packages made to hurt.
    "a bomb of zeros": ("说明.docx", _lying(), BOMB),
    "a smaller bomb": ("表.xlsx", xlsx("正文", more={"xl/media/a.bin": b"\x00" * 20_000_000}), BOMB),
    "six thousand members": ("文.ofd", ofd(more={f"a/{n}": "" for n in range(6000)}), "超过 5000 个"),
    "members that overlap": ("说明.docx", _overlapping(), "互相重叠"),
    "XML that grows": ("说明.docx", zipped({TYPES: "<Types/>", "word/document.xml": LAUGHS}), "无限展开"),
    "XML that reads a file": ("文.ofd", ofd(more={"Doc_0/a.xml": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'}), "无限展开"),
    "broken XML": ("说明.docx", zipped({TYPES: "<Types/>", "word/document.xml": "<w:document"}), "XML 已损坏"),
    "a package cut off": ("说明.docx", docx("正文")[:-30], "损坏的压缩包"),
    "a package with rotten bytes": ("说明.docx", _rotten(), "损坏"),
    "a path upwards in a package": ("说明.docx", _raw_names("../../../etc/cron.d/x"), PATH),
    "a path from the top in a package": ("说明.docx", _raw_names("/etc/passwd"), PATH),
    "a path of Windows in a package": ("说明.docx", _raw_names("..\\..\\x.bat"), PATH),
    "a drive of Windows in a package": ("说明.docx", _raw_names("C:/x.txt"), PATH),
    "two members of one name": ("说明.docx", _raw_names("word/document.xml"), "重名"),
    "an unusual way of packing": ("说明.docx", zipped({TYPES: "<Types/>", "word/document.xml": "<w/>"}, zipfile.ZIP_BZIP2), "压缩方式"),
    # Documents that act.
    "a Word file with macros": ("说明.docx", docx("正文", more={"word/vbaProject.bin": b"x"}), "带有宏"),
    "a Word file with macros under another name": ("说明.docx", docx("正文", more={"word/VBAPROJECT.BIN": b"x"}), "带有宏"),
    "an Excel file with macros": ("表.xlsx", xlsx("正文", more={"xl/vbaProject.bin": b"x"}), "带有宏"),
    "an Excel file with macros of old": ("表.xlsx", xlsx("正文", more={"xl/macrosheets/sheet1.xml": "<a/>"}), "带有宏"),
    "a file declared as one with macros": ("说明.docx", zipped({TYPES: "application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml": "<w/>"}), "带有宏"),
    "a file with a control that acts": ("说明.docx", docx("正文", more={"word/activeX/activeX1.bin": b"x"}), "带有宏"),
    "a program in a Word file": ("说明.docx", docx("正文", more={"word/embeddings/setup.exe": EXE}), "网页或程序"),
    "an OFD file with text at no height": ("文.ofd", ofd(("通知", float("inf"))), "已损坏"),
    "a page in an OFD file": ("文.ofd", ofd(more={"Doc_0/Attachs/a.html": HTML}), "网页或程序"),
    "a template from elsewhere": ("说明.docx", docx("正文", more={"word/_rels/settings.xml.rels": _TEMPLATE.format("http://example.org/a.dotm")}), "下载模板"),
    "a PDF with a script": ("说明.pdf", _acting_pdf(b"/S/JavaScript/JS(app.alert\\(1\\))"), "脚本"),
    "a PDF that starts a program": ("说明.pdf", _acting_pdf(b"/S/Launch/F(cmd.exe)"), "脚本"),
    "a PDF with a file in it": ("说明.pdf", _pdf_with_attachment(), "内嵌的文件"),
    "a PDF with a script spelt in codes": ("说明.pdf", _SPELT, "脚本"),
    "a PDF without an end": ("说明.pdf", b"%PDF-1.7\n1 0 obj", "已损坏"),
    "a PDF whose pages hold each other": ("说明.pdf", _ENDLESS, "检查"),
    # 密级 markings.
    "a marking in a name": ("名单 秘密★1年.pdf", PDF, MARK),
    "a marking in brackets in a name": ("关于检查的通知（机密）.docx", docx("正文"), MARK),
    "a marking in a PDF": ("通知.pdf", text_pdf("秘密★1年", "关于检查的通知"), MARK),
    "a marking in a Word file": ("通知.docx", docx("机密★5年", "关于检查的通知"), MARK),
    "a marking alone in a Word file": ("通知.docx", docx("关于检查的通知", "绝密"), MARK),
    "a marking in a Word file's head": ("通知.docx", docx("正文", more={"word/header1.xml": '<w:hdr xmlns:w="w"><w:p><w:t>秘密</w:t></w:p></w:hdr>'}), MARK),
    "a marking in pieces in a Word file": ("通知.docx", docx(more={"word/footer1.xml": '<f xmlns:w="w"><w:p><w:t>秘</w:t><w:t>密★</w:t><w:t>1年</w:t></w:p></f>'}), MARK),
    "a marking in a text box of a Word file": ("通知.docx", docx(more={"word/header2.xml": '<f xmlns:w="w"><w:p><w:t>前</w:t><w:p><w:t>绝密★长期</w:t></w:p><w:t>后</w:t></w:p></f>'}), MARK),
    "a marking in a cell": ("表.xlsx", xlsx("姓名", "密级：机密"), MARK),
    "a marking typed into a sheet": ("表.xlsx", xlsx(more={"xl/worksheets/sheet1.xml": '<w xmlns="x"><c t="inlineStr"><is><t>秘密★1年</t></is></c></w>'}), MARK),
    **{f"a marking in a sheet {how}": ("表.xlsx", xlsx(more={"xl/worksheets/sheet1.xml": content}), MARK) for how, content in MARKED_SHEETS.items()},
    "a marking in a sheet's printed head": ("表.xlsx", xlsx(more={"xl/worksheets/sheet1.xml": "<w><headerFooter><oddHeader>机密★1年</oddHeader></headerFooter></w>"}), MARK),
    "a marking in an OFD file": ("通知.ofd", ofd(("秘密★1年", 20.0), ("关于检查的通知", 60.0)), MARK),
    "a marking in pieces in an OFD file": ("通知.ofd", ofd(("秘", 20.0), ("密", 20.1), ("★", 20.0), ("1年", 20.0), ("通知", 60.0)), MARK),
}  # fmt: skip
