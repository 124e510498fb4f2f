#!/usr/bin/env python3
"""核对一份社会保险个人记录。Check the record of one person that the Social Security Account Portal handed out.

    python3 verify.py record.zip                                      中文
    python3 verify.py record.zip --lang en                            in English
    python3 verify.py record.zip --published 2026-11-20=9f0c…         与另外公布的封存值比对 / compare a published seal

Needs Python 3.8 or newer and nothing else; it opens no network connection and writes nothing. What is computed anew:
the balances from the movements, the split of each contribution by its rule, the leaf of each sealed movement, its path
to the seal of its day, and the chain of the seals. Exit code: 0 all that could be checked is right, 1 something is
wrong, 2 the file cannot be read. The format stands in docs/export.md, the seals in docs/seals.md of the portal.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import zipfile
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

FORMAT, VERSION = "social-security-record", 1
MOST_BYTES = 1 << 30
SEPARATOR = "\x1f"
LEAF, NODE, SEAL = b"\x00", b"\x01", b"\x02"
FEN, JIAO, YUAN, ZERO = Decimal("0.01"), Decimal("0.1"), Decimal(1), Decimal("0.00")
FORMULA = re.compile(r"[=+\-@\t\r](?!\d[\d.]*$)")
KEY = ("person_id", "booked_month", "scheme", "area_code", "kind", "batch_id", "line")
SEAL_FIELDS = (
    *("day", "algorithm", "entries", "batches", "first_posted_at", "last_posted_at", "sealed_at"),
    *("root", "previous"),
)
INTEREST = ("interest_opening", "interest_current", "interest_payout_adj")
# The kinds of movements that come line by line from files, by the kind of their batch.
FROM_FILES = ("contribution", "subsidy", "opening", "transfer_in", "benefit")

WORDS = {
    "files": ("文件：{n} 个，内容与清单一致", "files: {n}, as the list of contents says"),
    "tables": ("表格：{n} 张，与 record.json 一致", "tables: {n}, the same as record.json"),
    "balances": ("余额：{n} 个账户，由 {m} 笔明细重新算出", "balances: {n} accounts, computed anew from {m} movements"),
    "contributions": ("缴费：{n} 笔，按所列规定重新划分", "contributions: {n}, split anew by the rules they name"),
    "sources": (
        "来源：{n} 笔明细与缴费、待遇、转入记录相符",
        "sources: {n} movements agree with the records they came from",
    ),
    "reversals": (
        "冲正：{n} 笔，各冲销一笔相反金额",
        "corrections: {n}, each undoes one movement of the opposite amount",
    ),
    "leaves": (
        "封存：{n} 笔明细，叶值和路径都通向当日封存值",
        "sealed movements: {n}, leaf and path lead to the seal of the day",
    ),
    "seals": (
        "封存链：{n} 天，逐日相连，至 {day}",
        "chain of seals: {n} days, each follows the one before, up to {day}",
    ),
    "published": ("公布值：{day} 的封存值与您给出的一致", "published seal: that of {day} is the one you gave"),
    "head": ("{day} 的封存值：{hash}", "the seal of {day}: {hash}"),
    "compare": (
        "没有与另外公布的封存值比对（--published 日期=封存值）：封存是否被整个重做，只有这样才知道",
        "not compared with a published seal (--published DAY=HASH): only that shows whether all was made anew",
    ),
    "unsealed": (
        "{n} 笔明细还没有封存，不能证明没有被改动",
        "{n} movements are not sealed yet: nothing proves them unchanged",
    ),
    "late": (
        "其中 {n} 笔在最后一个封存日或之前记账，应当进入下一次封存",
        "{n} of these were posted on or before the last day sealed; the next seal has to hold them",
    ),
    "interest": ("{n} 笔利息：本文件里没有算式", "{n} interest movements: their arithmetic is not in this record"),
    "no_record": ("{n} 笔“{kind}”：没有来源记录可比对", "{n} movements “{kind}”: there is no record of their source"),
    "facts": (
        "缴费基数、单位和个人缴了多少、到账日、姓名等事实，只能由您自己对照",
        "facts such as base, amounts paid in, dates received and names: only you can compare them with your papers",
    ),
    "right": ("核对完毕：能核对的全部正确。", "Done: all that could be checked is right."),
    "wrong": ("核对完毕：发现 {n} 处不符。", "Done: {n} things are wrong."),
    "unreadable": ("读不了这份文件：{why}", "This file cannot be read: {why}"),
    "checked_title": ("已核对", "Checked"),
    "unchecked_title": ("未能核对", "Could not be checked"),
    "wrong_title": ("不符", "Wrong"),
    "w_file": (
        "文件 {name}：内容与清单不符，或缺少、多出",
        "file {name}: not what the list of contents says, missing or extra",
    ),
    "w_table": ("表格 {name}：与 record.json 不一致", "table {name}: not the same as record.json"),
    "w_form": ("record.json 的内容不完整：{why}", "record.json is not complete: {why}"),
    "w_balance": (
        "账户 {what}：写的是 {told}，算出来是 {found}",
        "account {what}: it says {told}, computed are {found}",
    ),
    "w_account": ("明细 {what}：没有这个账户", "movement {what}: there is no such account"),
    "w_twice": ("明细 {what}：出现两次", "movement {what}: it is there twice"),
    "w_batch": ("明细 {what}：与所在批次不符", "movement {what}: it does not fit its batch"),
    "w_rule": ("缴费 {what}：所列规定不适用于这个月", "contribution {what}: the rule it names is not one of its month"),
    "w_split": (
        "缴费 {what}：进账户 {told}，按规定是 {found}",
        "contribution {what}: {told} to the account, by the rule {found}",
    ),
    "w_source": (
        "明细 {what}：{told}，来源记录是 {found}",
        "movement {what}: {told}, by the record it came from {found}",
    ),
    "w_reversal": (
        "冲正 {what}：没有冲销一笔相反金额",
        "correction {what}: it undoes no movement of the opposite amount",
    ),
    "w_leaf": ("明细 {what}：不是封存时的内容", "movement {what}: it is not what was sealed"),
    "w_path": (
        "明细 {what}：路径不通向 {day} 的封存值",
        "movement {what}: its path does not lead to the seal of {day}",
    ),
    "w_gone": ("封存过的明细 {what}：已经不在", "sealed movement {what}: it is gone"),
    "w_hole": (
        "封存编号 {what}：有缺号或重号",
        "numbers of the sealed movements, {what}: there is a hole or one twice",
    ),
    "w_seal": ("{day} 的封存：内容与封存值不符", "seal of {day}: it was changed, its hash is another"),
    "w_chain": ("{day} 的封存：没有接在前一天之后", "seal of {day}: it does not follow that of the day before"),
    "w_published": ("{day} 的封存值不是公布的那个", "the seal of {day} is not the published one"),
}


class Unreadable(Exception):
    """The file is no record, or none of this version."""


class Report:
    """What was checked, what could not be, and what is wrong, in one language."""

    def __init__(self, lang):
        self._lang = 0 if lang == "zh" else 1
        self.checked, self.unchecked, self.wrong = [], [], []

    def words(self, word, **values):
        return WORDS[word][self._lang].format(**values)

    def right_unless_wrong(self, before, word, **values):
        if len(self.wrong) == before:
            self.checked.append(self.words(word, **values))

    def find(self, word, **values):
        self.wrong.append(self.words(word, **values))

    def print(self):
        for title, mark, lines in (
            ("checked_title", "✓", self.checked),
            ("unchecked_title", "–", self.unchecked),
            ("wrong_title", "✗", self.wrong),
        ):
            if lines:
                print(self.words(title))
                print("\n".join("  %s %s" % (mark, line) for line in lines))
        print(self.words("wrong", n=len(self.wrong)) if self.wrong else self.words("right"))


# Reading


def read(path):
    """{name: bytes} of a zip file or a folder. Raises Unreadable."""
    try:
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if os.path.isfile(os.path.join(path, name)))
            files = {}
            for name in names:
                with open(os.path.join(path, name), "rb") as file:
                    files[name] = file.read()
            return files
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise Unreadable("> 1 GB")
            if len(set(archive.namelist())) != len(archive.namelist()):
                raise Unreadable("zip: a name twice")
            return {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise Unreadable(str(error)) from error
    except Exception as error:  # zlib.error and whatever else broken bytes bring about
        raise error if isinstance(error, Unreadable) else Unreadable(str(error)) from error


def parsed(files, name):
    try:
        return json.loads(files[name].decode("utf-8"))
    except (KeyError, ValueError) as error:
        raise Unreadable("%s: %s" % (name, error)) from error


def check_files(files, report):
    """Every file is there, none is extra, and each is what the list says."""
    told = parsed(files, "manifest.json")["sha256"]
    for name in sorted(set(told) | set(files) - {"manifest.json"}):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != told.get(name):
            report.find("w_file", name=name)
    report.right_unless_wrong(0, "files", n=len(files))


def check_tables(files, tables, report):
    """The CSV tables hold what record.json holds."""
    before = len(report.wrong)
    for name, rows in sorted(tables.items()):
        text = files.get(name + ".csv", b"").decode("utf-8-sig", "replace")
        shown = list(csv.DictReader(io.StringIO(text, newline="")))
        if shown != [{column: cell(value) for column, value in row.items()} for row in rows]:
            report.find("w_table", name=name + ".csv")
    report.right_unless_wrong(before, "tables", n=len(tables))


def cell(value):
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text if FORMULA.match(text) else text


# Accounts and movements


def key_of(row):
    return tuple(row[name] for name in KEY)


def name_of(row):
    return "%s %s %s, %s/%s" % (row["booked_month"][:7], row["scheme"], row["kind"], row["batch_id"], row["line"])


def check_balances(tables, report):
    """Each balance is the sum of its movements, in its two parts, and no movement is without an account."""
    before, of_account, seen = len(report.wrong), defaultdict(list), set()
    for entry in tables["entries"]:
        of_account[entry["person_id"], entry["scheme"], entry["area_code"]].append(entry)
        if key_of(entry) in seen:
            report.find("w_twice", what=name_of(entry))
        seen.add(key_of(entry))
    for account in tables["accounts"]:
        entries = of_account.pop((account["person_id"], account["scheme"], account["area_code"]), [])
        current = [entry for entry in entries if int(entry["booked_month"][:4]) == account["year"]]
        months = [entry["booked_month"] for entry in entries]
        told = tuple(
            account[n] for n in ("balance", "current_year", "prior_years", "opened_month", "last_booked_month")
        )
        whole, part = total(entries), total(current)
        sums = tuple("%.2f" % amount for amount in (whole, part, whole - part))
        found = sums + ((min(months), max(months)) if months else ("-", "-"))
        closed = account["status"] == "closed"
        if told != found or not current or whole < 0 or closed != bool(account["closed_month"]):
            what = "%s %s" % (account["scheme"], account["area_code"])
            report.find("w_balance", what=what, told=" ".join(told), found=" ".join(found))
    for entries in of_account.values():
        report.find("w_account", what=name_of(entries[0]))
    report.right_unless_wrong(before, "balances", n=len(tables["accounts"]), m=len(tables["entries"]))


def total(rows):
    return sum((Decimal(row["amount"]) for row in rows), ZERO)


def rounded(amount, mode):
    fen = amount.quantize(FEN, ROUND_HALF_UP) + ZERO
    return fen.quantize(JIAO, ROUND_UP).quantize(FEN) if mode == "CEIL_JIAO" else fen


def account_share(base, amount, rate, to_account, mode):
    """The part of one payer's amount that goes to the account: all of it where the rule routes the whole rate."""
    base, amount, to_account = abs(Decimal(base)), Decimal(amount), Decimal(to_account)
    if to_account == 0:
        return ZERO
    if to_account == (1 if rate is None else Decimal(rate)):
        return amount
    counted = base.quantize(YUAN, ROUND_DOWN) if mode == "YUAN_BASE_FLOOR" else base
    return min(rounded(counted * to_account, mode), abs(amount)).copy_sign(amount) + ZERO


def parts_of(row, rule):
    """What a contribution brings to the account by its rule, as {kind of movement: yuan}."""
    mode = rule["rounding_mode"]
    return {
        "contrib_emp": account_share(row["base"], row["er_share"], rule["er_rate"], rule["er_to_account"], mode),
        "contrib_ind": account_share(row["base"], row["ind_share"], rule["ind_rate"], rule["ind_to_account"], mode),
        "subsidy": account_share(row["subsidy"], row["subsidy"], "1", rule["subsidy_to_account"], mode),
    }


def check_contributions(tables, report):
    """Each contribution is split by a rule of its month. Returns what each line of a file brings to an account."""
    before, due = len(report.wrong), {}
    rules = {rule["id"]: rule for rule in tables["rules"]}
    for row in tables["contributions"]:
        what, parts = "%s %s %s/%s" % (row["period"][:7], row["scheme"], row["slip_no"], row["line"]), {}
        rule = rules.get(row["rule_id"])
        if row["kind"] != "transferred_in":
            if rule is None or not rule_applies(rule, row):
                report.find("w_rule", what=what)
                continue
            parts = parts_of(row, rule)
        found = sum(parts.values(), ZERO)
        if found != Decimal(row["to_account"]):
            report.find("w_split", what=what, told=row["to_account"], found=found)
        due[line_of(row)] = {(kind, row["rule_id"], row["period"]): part for kind, part in parts.items() if part}
    report.right_unless_wrong(before, "contributions", n=len(tables["contributions"]))
    return due


def rule_applies(rule, row):
    in_time = rule["since"] <= row["period"] and (rule["until"] is None or row["period"] < rule["until"])
    return in_time and (rule["scheme"], rule["category"]) == (row["scheme"], row["category"])


def line_of(row):
    return row["person_id"], row["booked_month"], row["scheme"], row["area_code"], row["batch_id"], row["feed_row"]


def check_sources(tables, due, report):
    """Each movement that came from a line of a file has the amount of that line, and each line its movements."""
    before, batches, left = len(report.wrong), {row["id"]: row for row in tables["batches"]}, defaultdict(int)
    due, found, names = dict(due), defaultdict(dict), {}
    for row in tables["takeovers"]:
        if Decimal(row["amount"]):
            due[line_of(row)] = {(row["kind"], None, row["booked_month"]): Decimal(row["amount"])}
    for row in tables["benefits"]:
        if Decimal(row["from_account"]):
            due[line_of(row)] = {(None, None, row["period"]): -Decimal(row["from_account"])}
    for entry in tables["entries"]:
        batch = batches.get(entry["batch_id"])
        if batch is None or any(batch[name] != entry[name] for name in ("scheme", "area_code", "booked_month")):
            report.find("w_batch", what=name_of(entry))
        elif batch["kind"] in FROM_FILES:
            kind = None if batch["kind"] == "benefit" else entry["kind"]
            found[line_of(entry)][kind, entry["rule_id"], entry["period"]] = Decimal(entry["amount"])
            names[line_of(entry)] = name_of(entry)
        elif entry["kind"] not in INTEREST and entry["kind"] != "reversal":
            left[entry["kind"]] += 1
    for line in sorted(set(due) | set(found), key=str):
        if due.get(line, {}) != found.get(line, {}):
            told, right = (", ".join(str(part) for part in side.get(line, {}).values()) or "0" for side in (found, due))
            report.find("w_source", what=names.get(line, line), told=told, found=right)
    report.right_unless_wrong(before, "sources", n=len(names))
    report.unchecked += [report.words("no_record", n=number, kind=kind) for kind, number in sorted(left.items())]


def check_reversals(tables, report):
    """Each correction undoes one movement of the same account and month covered, by the opposite amount."""
    before, undone_by = len(report.wrong), {}
    entries = {key_of(entry): entry for entry in tables["entries"]}
    for row in tables["reversals"]:
        undone = entries.get(key_of(row))
        by = (row["person_id"], row["by_booked_month"], row["scheme"], row["area_code"], "reversal")
        undoing = entries.get((*by, row["by_batch_id"], row["by_line"]))
        right = undone and undoing and Decimal(undone["amount"]) + Decimal(undoing["amount"]) == 0
        if not right or undone["period"] != undoing["period"] or key_of(undoing) in undone_by:
            report.find("w_reversal", what=name_of(row))
        else:
            undone_by[key_of(undoing)] = row
    for key, entry in entries.items():
        if entry["kind"] == "reversal" and key not in undone_by:
            report.find("w_reversal", what=name_of(entry))
    report.right_unless_wrong(before, "reversals", n=len(tables["reversals"]))
    return undone_by


def check_interest(tables, report):
    """Interest is proved by its own arithmetic; a record that holds none can only say so."""
    lines = [entry for entry in tables["entries"] if entry["kind"] in INTEREST]
    if lines:
        report.unchecked.append(report.words("interest", n=len(lines)))


# Seals


def hash_of(algorithm, data):
    try:
        return hashlib.new(algorithm, data).digest()
    except ValueError as error:
        raise Unreadable("hash %s: %s" % (algorithm, error)) from error


def record_bytes(what, values):
    """The canonical bytes of version 1 (docs/seals.md): empty where not known."""
    texts = ["" if value is None else str(value) for value in values]
    return b"\x01" + SEPARATOR.join([what, *texts]).encode("utf-8")


def microseconds(text):
    """A moment of the record as whole microseconds since 1970 UTC."""
    if text is None:
        return None
    return (datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def leaf_bytes(entry, seq, batch, file, undone):
    values = [entry["person_id"], seq] + [entry[name] for name in KEY[1:]]
    values += [entry["period"], int(Decimal(entry["amount"]).scaleb(2)), entry["rule_id"], entry["feed_row"]]
    values += [undone.get(name) for name in ("booked_month", "kind", "batch_id", "line")]
    values += [batch["kind"], batch["source_ref"], microseconds(batch["posted_at"]), file.get("sha256")]
    return record_bytes("entry", values)


def root_by_path(algorithm, leaf, position, size, path):
    """The root that a leaf and its path lead to, or None (RFC 9162, section 2.1.3.2)."""
    if not 0 <= position < size:
        return None
    last, place, digest = size - 1, position, leaf
    for beside in path:
        if not last:
            return None
        if place & 1 or place == last:
            digest = hash_of(algorithm, NODE + beside + digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = hash_of(algorithm, NODE + digest + beside)
        place, last = place >> 1, last >> 1
    return None if last else digest


def check_seals(tables, published, report):
    """Each seal is what its hash says and follows the day before; a published one is among them."""
    before, previous = len(report.wrong), None
    for seal in tables["seals"]:
        fields = [microseconds(seal[name]) if name.endswith("_at") else seal[name] for name in SEAL_FIELDS]
        computed = hash_of(seal["algorithm"], SEAL + record_bytes("seal", fields)).hex()
        if seal["version"] != 1 or computed != seal["hash"]:
            report.find("w_seal", day=seal["day"])
        if previous and (
            seal["previous"] != previous["hash"]
            or date.fromisoformat(seal["day"]) - date.fromisoformat(previous["day"]) != timedelta(days=1)
        ):
            report.find("w_chain", day=seal["day"])
        previous = seal
    if previous:
        report.right_unless_wrong(before, "seals", n=len(tables["seals"]), day=previous["day"])
    hashes = {seal["day"]: seal["hash"] for seal in tables["seals"]}
    for day, digest in published:
        before = len(report.wrong)
        if hashes.get(day) != digest.lower():
            report.find("w_published", day=day)
        report.right_unless_wrong(before, "published", day=day)
    if previous:
        report.checked.append(report.words("head", day=previous["day"], hash=previous["hash"]))
        report.unchecked += [] if published else [report.words("compare")]


def check_leaves(tables, undone_by, report):
    """Each sealed movement is what was sealed, its path leads to its seal, and no number is missing."""
    before, seals = len(report.wrong), {seal["day"]: seal for seal in tables["seals"]}
    entries, numbers = {key_of(entry): entry for entry in tables["entries"]}, defaultdict(list)
    batches, files = ({row["id"]: row for row in tables[name]} for name in ("batches", "files"))
    for leaf in tables["leaves"]:
        numbers[leaf["person_id"]].append(leaf["person_seq"])
        entry, seal = entries.pop(key_of(leaf), None), seals.get(leaf["day"])
        batch = batches.get(leaf["batch_id"])
        if entry is None or seal is None or batch is None:
            report.find("w_gone", what=name_of(leaf))
            continue
        undone = undone_by.get(key_of(entry), {})
        data = leaf_bytes(entry, leaf["person_seq"], batch, files.get(batch["feed_file_id"], {}), undone)
        digest, size = bytes.fromhex(leaf["leaf"]), seal["entries"] + seal["batches"]
        path = [bytes.fromhex(part) for part in leaf["path"].split()]
        if hash_of(seal["algorithm"], LEAF + bytes.fromhex(leaf["salt"]) + data) != digest:
            report.find("w_leaf", what=name_of(entry))
        elif root_by_path(seal["algorithm"], digest, leaf["position"], size, path) != bytes.fromhex(seal["root"]):
            report.find("w_path", what=name_of(entry), day=seal["day"])
    for person, found in sorted(numbers.items()):
        if sorted(found) != list(range(1, len(found) + 1)):
            report.find("w_hole", what=person)
    report.right_unless_wrong(before, "leaves", n=len(tables["leaves"]))
    tell_unsealed(entries.values(), batches, max(seals, default=""), report)


def tell_unsealed(entries, batches, last_day, report):
    if entries:
        report.unchecked.append(report.words("unsealed", n=len(entries)))
    posted = [microseconds(batches[e["batch_id"]]["posted_at"]) for e in entries if e["batch_id"] in batches]
    days = [datetime(1970, 1, 1) + timedelta(microseconds=moment, hours=8) for moment in posted]
    late = sum(day.date().isoformat() <= last_day for day in days)
    if late:
        report.unchecked.append(report.words("late", n=late))


def check(path, published, report):
    """All checks. Raises Unreadable."""
    files = read(path)
    check_files(files, report)
    record = parsed(files, "record.json")
    if (record.get("format"), record.get("version")) != (FORMAT, VERSION):
        raise Unreadable("%s %s" % (record.get("format"), record.get("version")))
    tables = record["tables"]
    check_tables(files, tables, report)
    check_balances(tables, report)
    check_sources(tables, check_contributions(tables, report), report)
    undone_by = check_reversals(tables, report)
    check_interest(tables, report)
    check_seals(tables, published, report)
    check_leaves(tables, undone_by, report)
    report.unchecked.append(report.words("facts"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", help="the zip file, or the folder it was unpacked into")
    parser.add_argument("--lang", choices=["zh", "en"], default="zh")
    parser.add_argument("--published", action="append", default=[], metavar="DAY=HASH")
    asked = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    report = Report(asked.lang)
    published = [text.partition("=")[::2] for text in asked.published]
    try:
        check(asked.record, published, report)
    except Unreadable as error:
        why = str(error)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        why = "%s: %s" % (type(error).__name__, error)
    else:
        report.print()
        return 1 if report.wrong else 0
    if report.wrong:
        report.print()
    print(report.words("unreadable", why=why), file=sys.stderr)
    return 1 if report.wrong else 2


if __name__ == "__main__":
    sys.exit(main())
