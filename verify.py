#!/usr/bin/env python3
"""核对一份社会保险个人记录。Check the record of one person that the Social Security Account Portal handed out.

    python3 verify.py record.zip                                      中文
    python3 verify.py record.zip --lang en                            in English
    python3 verify.py record.zip --published 2026-11-20=9f0c…         与另外公布的封存值比对 / compare a published seal

Needs Python 3.8 or newer and nothing else; it opens no network connection and writes nothing. What is computed anew:
the balances from the movements, the split of each contribution by its rule, all interest from the movements and the
rates, the yearly statements, the leaf of each sealed movement, its path to the seal of its day, and the chain of the
seals. Exit code: 0 all that could be checked is right, 1 something is wrong, 2 the file cannot be read. The format
stands in docs/export.md, the seals in docs/seals.md of the portal.
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
# The kinds of batches whose movements come line by line from files; the others are interest and corrections.
FROM_FILES = ("contribution", "subsidy", "opening", "transfer_in", "benefit", "movement", "closing")
CLOSINGS = ("transfer_out", "inheritance", "refund", "closing")
PAYOUTS = ("pension_payout", "medical_spend", "benefit_payout", "family_aid", "offset_overpayment", *CLOSINGS)
OF_CLOSURE = {"death": "inheritance", "other": "closing"}
RANKS = {"applied": 1, "accepted": 2, "info_sent": 3, "money_sent": 4, "merged": 5, "rejected": 5}
TRANSFER = ("person_id", "scheme", "area_code", "direction", "application_no")
FORMULA_OF_INTEREST = ("method", "payout_method", "yearly_factor", "rounding_mode")
# What a credit of interest says of its principal and its three parts.
FIGURES = (
    *("opening", "carried", "credits", "credit_product", "payouts", "payout_product"),
    *("on_opening", "on_credits", "removed"),
)
# The columns of a yearly statement, and the kinds of movements that each sums.
COLUMNS = {
    **{"contrib_ind": "own", "contrib_emp": "employer", "subsidy": "subsidy", "pool_allocation": "pool_allocation"},
    **{"transfer_in": "transferred_in", "opening": "taken_over", "manual": "corrected", "reversal": "corrected"},
    **dict.fromkeys(PAYOUTS, "paid_out"),
}

WORDS = {
    "files": ("文件：{n} 个，内容与清单一致", "files: {n}, as the list of contents says"),
    "tables": ("表格：{n} 张，与 record.json 一致", "tables: {n}, the same as record.json"),
    "balances": ("余额：{n} 个账户，由 {m} 笔明细重新算出", "balances: {n} accounts, computed anew from {m} movements"),
    "contributions": ("缴费：{n} 笔，按所列规定重新划分", "contributions: {n}, split anew by the rules they name"),
    "sources": (
        "来源：{n} 笔明细与缴费、待遇、转入、变动、支出、终结记录相符",
        "sources: {n} movements agree with the records they came from",
    ),
    "interest": (
        "利息：{n} 笔，按明细和利率重新算出：{what}",
        "interest: {n} movements, reckoned anew from the movements and the rates: {what}",
    ),
    "provisional": (
        "其中预计，暂按上一次公布的利率，本年利率公布后重算：{what}",
        "of these provisional, by the rate published last, until that of the year is published: {what}",
    ),
    "corrections": (
        "更正：{n} 件，记账与两人同意的内容逐笔相符",
        "requests for corrections: {n}, posted line by line as two people agreed",
    ),
    "statements": (
        "权益记录单：{n} 份，由明细重新算出，上年期末即本年期初",
        "yearly statements: {n}, computed anew, each opens with the closing of the year before",
    ),
    "transfers": ("转移接续：{n} 件，进度和金额与记账相符", "transfers: {n}, steps and amounts agree with the books"),
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
    "facts": (
        "缴费基数、单位和个人缴了多少、到账日、医药机构、文件编号、原因、姓名等事实，只能由您自己对照",
        "facts such as base, amounts paid in, dates, hospitals, document numbers, reasons and names: only you can "
        "compare them with your papers",
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
    "w_parts": ("支出 {what}：各部分之和不等于总额", "spending {what}: its parts do not add up to the total"),
    "w_terms": (
        "利息 {what}：利率或计息办法与所列规定不符",
        "interest {what}: its rates or formulas are not those of the rules it names",
    ),
    "w_interest": (
        "利息 {what}：写的是 {told}，算出来是 {found}",
        "interest {what}: it says {told}, reckoned are {found}",
    ),
    "w_credited": (
        "利息 {what}：记账 {told}，应为 {found}",
        "interest {what}: {told} is booked, {found} is right",
    ),
    "w_correction": (
        "更正 {what}：记账与所同意的内容不符",
        "correction {what}: what is posted is not what was agreed on",
    ),
    "w_statement": (
        "权益记录单 {what}：写的是 {told}，算出来是 {found}",
        "statement {what}: it says {told}, computed are {found}",
    ),
    "w_year": (
        "权益记录单 {what}：没有接在上一年之后",
        "statement {what}: it does not follow that of the year before",
    ),
    "w_transfer": (
        "转移接续 {what}：与办理步骤或记账金额不符",
        "transfer {what}: it does not fit its steps or what is booked",
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
    before, of_account, seen, closed_in = len(report.wrong), by_account(tables["entries"]), set(), {}
    for entry in tables["entries"]:
        if key_of(entry) in seen:
            report.find("w_twice", what=name_of(entry))
        seen.add(key_of(entry))
    for account, closings in closings_of(tables).items():
        months = [closing["booked_month"] for closing, undone_by in closings if undone_by is None]
        if months:
            closed_in[account] = min(months)
    for account in tables["accounts"]:
        entries, ended = of_account.pop(account_of(account), []), closed_in.pop(account_of(account), None)
        current = [entry for entry in entries if int(entry["booked_month"][:4]) == account["year"]]
        months = [entry["booked_month"] for entry in entries]
        told = tuple(
            account[n] for n in ("balance", "current_year", "prior_years", "opened_month", "last_booked_month")
        )
        whole, part = total(entries), total(current)
        sums = tuple(map(yuan, (whole, part, whole - part)))
        found = sums + ((min(months), max(months)) if months else ("-", "-"))
        closing = account["closed_month"], account["status"] == "closed"
        if told != found or not current or whole < 0 or closing != (ended, bool(ended)):
            told, found = (*told, closing[0] or "-"), (*found, ended or "-")
            report.find("w_balance", what=" ".join(account_of(account)[1:]), told=" ".join(told), found=" ".join(found))
    for entries in of_account.values():
        report.find("w_account", what=name_of(entries[0]))
    for account in closed_in:
        report.find("w_account", what=" ".join(account[1:]))
    report.right_unless_wrong(before, "balances", n=len(tables["accounts"]), m=len(tables["entries"]))


def closings_of(tables):
    """The closings of each account, each with the batch of the correction that undid it or None: {account: [...]}."""
    corrections, undone, closings = by_id(tables["corrections"]), {}, defaultdict(list)
    for line in tables["correction_lines"]:
        correction = corrections.get(line["correction_id"])
        if correction and line["what"] == "undo":
            key = account_of(correction), line["booked_month"], line["batch_id"], line["entry_line"]
            undone[key] = correction["undo_batch_id"]
    for closure in tables["closures"]:
        key = account_of(closure), closure["booked_month"], closure["batch_id"], closure["feed_row"]
        closings[account_of(closure)].append((closure, undone.get(key)))
    return closings


def account_of(row):
    return row["person_id"], row["scheme"], row["area_code"]


def by_account(rows):
    found = defaultdict(list)
    for row in rows:
        found[account_of(row)].append(row)
    return found


def by_id(rows, name="id"):
    return {row[name]: row for row in rows}


def total(rows):
    return sum((Decimal(row["amount"]) for row in rows), ZERO)


def yuan(amount):
    return f"{amount + ZERO:.2f}"


def rounded(amount, mode):
    fen = amount.quantize(FEN, ROUND_HALF_UP) + ZERO
    return fen.quantize(JIAO, ROUND_UP).quantize(FEN) if mode == "CEIL_JIAO" else fen


def bearing(amount, mode):
    """The part of an amount that rates are applied to: its whole yuan where jiao and fen are dropped."""
    return amount.quantize(YUAN, ROUND_DOWN) if mode == "YUAN_BASE_FLOOR" else amount


def account_share(base, amount, rate, to_account, mode):
    """The part of one payer's amount that goes to the account: all of it where the rule routes the whole rate."""
    base, amount, to_account = abs(Decimal(base)), Decimal(amount), Decimal(to_account)
    if to_account == 0:
        return ZERO
    if to_account == (1 if rate is None else Decimal(rate)):
        return amount
    return min(rounded(bearing(base, mode) * to_account, mode), abs(amount)).copy_sign(amount) + ZERO


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
    rules = by_id(tables["rules"])
    for row in tables["contributions"]:
        what, parts = "%s %s %s/%s" % (row["period"][:7], row["scheme"], row["slip_no"], row["line"]), {}
        rule = rules.get(row["rule_id"])
        if row["kind"] != "transferred_in":
            if not rule_applies(rule, row) or rule["category"] != row["category"]:
                report.find("w_rule", what=what)
                continue
            parts = parts_of(row, rule)
        found = sum(parts.values(), ZERO)
        if found != Decimal(row["to_account"]):
            report.find("w_split", what=what, told=row["to_account"], found=found)
        due[line_of(row)] = {(kind, row["rule_id"], row["period"]): part for kind, part in parts.items() if part}
    report.right_unless_wrong(before, "contributions", n=len(tables["contributions"]))
    return due


def in_time(rule, month):
    return rule["since"] <= month and (rule["until"] is None or month < rule["until"])


def rule_applies(rule, row):
    return rule is not None and in_time(rule, row["period"]) and rule["scheme"] == row["scheme"]


def line_of(row):
    return row["person_id"], row["booked_month"], row["scheme"], row["area_code"], row["batch_id"], row["feed_row"]


def lines_due(tables):
    """What each line of a file other than contributions brings to an account: {line: {(kind, rule, month): yuan}}."""
    due = []
    for row in tables["takeovers"]:
        due.append((row, row["kind"], row["booked_month"], Decimal(row["amount"])))
    for row in tables["benefits"]:
        due.append((row, None, row["period"], -Decimal(row["from_account"])))
    for row in tables["movements"]:
        due.append((row, row["kind"], row["period"], Decimal(row["amount"])))
    for row in tables["spending"]:
        kind = "medical_spend" if row["relation"] == "self" else "family_aid"
        due.append((row, kind, row["settled_on"][:7] + "-01", -Decimal(row["from_account"])))
    for row in tables["closures"]:
        due.append((row, OF_CLOSURE.get(row["reason"], "refund"), row["period"], -Decimal(row["amount"])))
    return {line_of(row): {(kind, None, month): amount} for row, kind, month, amount in due if amount}


def check_sources(tables, due, report):
    """Each movement that came from a line of a file has the amount of that line, and each line its movements."""
    before, batches, rules = len(report.wrong), by_id(tables["batches"]), by_id(tables["rules"])
    due, found, names = {**due, **lines_due(tables)}, defaultdict(dict), {}
    for entry in tables["entries"]:
        batch, rule_id = batches.get(entry["batch_id"]), entry["rule_id"]
        if batch is None or any(batch[name] != entry[name] for name in ("scheme", "area_code", "booked_month")):
            report.find("w_batch", what=name_of(entry))
        elif batch["kind"] in FROM_FILES:
            if batch["kind"] == "movement" and entry["kind"] == "pool_allocation":
                rule, rule_id = rules.get(rule_id), None
                if not rule_applies(rule, entry) or not rule["pool_quota"]:
                    report.find("w_rule", what=name_of(entry))
            kind = None if batch["kind"] == "benefit" else entry["kind"]
            found[line_of(entry)][kind, rule_id, entry["period"]] = Decimal(entry["amount"])
            names[line_of(entry)] = name_of(entry)
        elif batch["kind"] not in ("interest", "reversal", "manual"):
            report.find("w_batch", what=name_of(entry))
    for line in sorted(set(due) | set(found), key=str):
        if due.get(line, {}) != found.get(line, {}):
            told, right = (", ".join(str(part) for part in side.get(line, {}).values()) or "0" for side in (found, due))
            report.find("w_source", what=names.get(line, line), told=told, found=right)
    for row in tables["spending"]:
        if Decimal(row["total"]) != sum(Decimal(row[name]) for name in ("from_pool", "from_account", "self_paid")):
            report.find("w_parts", what=row["settlement_no"])
    report.right_unless_wrong(before, "sources", n=len(names))


def check_transfers(tables, report):
    """A transfer stands where its last step led, and what it moved was taken over or left the account."""
    before, steps, booked = len(report.wrong), defaultdict(list), defaultdict(lambda: [ZERO, ZERO])
    for step in tables["transfer_steps"]:
        steps[tuple(step[name] for name in TRANSFER)].append(step)
    for name, kind, way, sign in (("takeovers", "transfer_in", "in", 1), ("movements", "transfer_out", "out", -1)):
        for row in tables[name]:
            if row["kind"] == kind:
                sums = booked[(*account_of(row), way, row["slip_no"])]
                sums[0] += sign * Decimal(row["amount"])
                sums[1] += Decimal(row["pooled_amount"])
    names = ("state", "state_since", "other_area", "account_amount", "pooled_amount", "reason")
    for row in tables["transfers"]:
        key = tuple(row[name] for name in TRANSFER)
        taken = sorted(steps.pop(key, []), key=lambda step: RANKS[step["state"]])
        days = [step["reached_on"] for step in taken]
        last = {**taken[-1], "state_since": days[-1]} if taken else {}
        moved = row["state"] == "merged" or (row["direction"], row["state"]) == ("out", "money_sent")
        sums = [Decimal(row["account_amount"]), Decimal(row["pooled_amount"])]
        stands = days == sorted(days) and all(row[name] == last.get(name) for name in names)
        if not stands or (moved and sums != booked[key]):
            report.find("w_transfer", what="%s %s" % (row["application_no"], row["direction"]))
    for key in steps:
        report.find("w_transfer", what="%s %s" % (key[4], key[3]))
    report.right_unless_wrong(before, "transfers", n=len(tables["transfers"]))


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


def lines_agreed(tables, report):
    """What corrections have to post: {(account, batch, line): (kind, month, yuan, what is undone, source)}.

    And the batches they have: what undoes a closing that paid nothing has no movement.
    """
    due, requests, batch_ids, unpaid = {}, by_id(tables["corrections"]), {None}, set()
    for closure in tables["closures"]:
        if not Decimal(closure["amount"]):
            kind = OF_CLOSURE.get(closure["reason"], "refund")
            key = closure["booked_month"], kind, closure["batch_id"], closure["feed_row"]
            unpaid.add((*account_of(closure), key, closure["period"]))
    for line in tables["correction_lines"]:
        request, undone = requests.get(line["correction_id"]), None
        if request is None:
            report.find("w_correction", what=line["correction_id"])
            continue
        kind, amount, batch_id = line["kind"], Decimal(line["amount"]), request["right_batch_id"]
        if line["what"] == "undo":
            undone = line["booked_month"], kind, line["batch_id"], line["entry_line"]
            kind, amount, batch_id = "reversal", -amount, request["undo_batch_id"]
        source = "correction/%s/%s" % (request["id"], line["what"])
        batch_ids.add(batch_id)
        if amount:
            due[(*account_of(request), batch_id, line["number"])] = kind, line["period"], amount, undone, source
        elif (*account_of(request), undone, line["period"]) not in unpaid:
            report.find("w_correction", what=line["correction_id"])
    return due, batch_ids


def check_corrections(tables, undone_by, report):
    """What a correction posted is what two people agreed on, line by line, and nothing else stands in its batches."""
    before, batches, found = len(report.wrong), by_id(tables["batches"]), {}
    due, batch_ids = lines_agreed(tables, report)
    for entry in tables["entries"]:
        batch, undone = batches.get(entry["batch_id"], {}), undone_by.get(key_of(entry))
        if batch.get("kind") in ("reversal", "manual"):
            undone = undone and tuple(undone[name] for name in ("booked_month", "kind", "batch_id", "line"))
            told = entry["kind"], entry["period"], Decimal(entry["amount"]), undone, batch["source_ref"]
            found[(*account_of(entry), entry["batch_id"], entry["line"])] = told
    for line in sorted(set(due) | set(found), key=str):
        if due.get(line) != found.get(line):
            report.find("w_correction", what="%s/%s" % line[3:])
    for request in tables["corrections"]:
        if not {request["undo_batch_id"], request["right_batch_id"]} <= batch_ids:
            report.find("w_correction", what=request["id"])
    report.right_unless_wrong(before, "corrections", n=len(tables["corrections"]))


# Interest and statements


def place_of(month, first):
    """How many months a month comes after `first`."""
    return (int(month[:4]) - int(first[:4])) * 12 + int(month[5:7]) - int(first[5:7])


def check_terms(tables, report):
    """The rates and formulas of each batch of interest are those of the rules it names, and they reach its months."""
    batches, rates, methods = (by_id(tables[name]) for name in ("batches", "interest_rates", "interest_methods"))
    for term in tables["interest_terms"]:
        batch, method = batches.get(term["batch_id"], {}), methods.get(term["method_id"])
        named = [rates.get(int(rate_id)) for rate_id in term["rate_ids"].split()]
        formulas, right = ("MONTH_PRODUCT", "MONTH_PRODUCT", None, "HALF_UP_FEN"), term["method_id"] is None
        if method:
            formulas = tuple(method[name] for name in FORMULA_OF_INTEREST)
            right = reaches(method, term) and in_time(method, term["period"])
        right = right and tuple(term[name] for name in FORMULA_OF_INTEREST) == formulas
        source = "interest/%s/%s/%s/" % (term["area_code"], term["scheme"], term["period"][:7].replace("-", ""))
        source, told = source + "closed/" * term["is_closing"], batch.get("source_ref", "")
        right = right and told.startswith(source) and ("/closed/" in told) == term["is_closing"]
        right = right and (batch["kind"], batch["scheme"]) == ("interest", term["scheme"])
        right = right and all(rate and reaches(rate, term) for rate in named) and rates_hold(term, named)
        if not right or batch["area_code"] != term["area_code"]:
            report.find("w_terms", what="%s %s %s" % (term["scheme"], term["area_code"], term["period"][:7]))


def reaches(rule, term):
    """A rule of the country or of the area's province, for the same insurance."""
    return rule["scheme"] == term["scheme"] and rule["area_code"][:2] in ("", term["area_code"][:2])


def rates_hold(term, named):
    """Each month bears a rate of its part; only provisional interest goes on with a rate that ran out."""
    year, number, is_published = term["first_month"][:4], int(term["first_month"][5:7]), True
    current, prior = (term[name].split() for name in ("current_rates", "prior_rates"))
    ends = term["first_month"][7:], term["period"][7:], term["period"][:4]
    months = place_of(term["period"], term["first_month"]) + 1
    if not len(current) == len(prior) == months or ends != ("-01", "-01", year):
        return False
    for place, rates in enumerate(zip(current, prior)):
        month = "%s-%02d-01" % (year, number + place)
        for told, bucket in zip(rates, ("current_year", "prior_years")):
            fitting = [r for r in named if r["bucket"] in ("whole", bucket) and r["since"] <= month]
            fitting = [r for r in fitting if Decimal(r["rate"]) == Decimal(told)]
            if not fitting:
                return False
            is_published = is_published and any(in_time(rate, month) for rate in fitting)
    is_split = any(rate["bucket"] != "whole" for rate in named)
    return is_published != term["is_provisional"] and is_split == term["is_split"]


def principal(credit, term, entries, batches, ends_in, undone_by):
    """What earlier years left, what this year had brought before, what each month brought, what it took; yuan.

    A movement counts from the month it was booked in, interest from its period; what was taken over in January is the
    opening balance of the year. What closed the account stays to the end of `ends_in`, and so does what undid it.
    """
    year, opening, carried = credit["period"][:4], ZERO, ZERO
    came, went = defaultdict(Decimal), defaultdict(Decimal)
    for entry in entries:
        if entry["batch_id"] >= credit["batch_id"]:
            continue
        amount, is_interest = Decimal(entry["amount"]), batches[entry["batch_id"]]["kind"] == "interest"
        month = entry["period"] if is_interest else entry["booked_month"]
        if month[:4] < year or (entry["kind"], month) == ("opening", year + "-01-01"):
            opening += amount
        elif month < term["first_month"]:
            carried += amount
        elif is_interest or month > credit["period"] or left_with_it(undone_by.get(key_of(entry), entry), ends_in):
            continue
        elif entry["kind"] in PAYOUTS or (entry["kind"] == "reversal" and amount > 0):
            went[month] -= amount
        else:
            came[month] += amount
    return opening, carried, came, went


def left_with_it(entry, ends_in):
    return ends_in and entry["kind"] in CLOSINGS and entry["booked_month"] >= ends_in


def reckoned(credit, term, entries, batches, ends_in, undone_by):
    """The figures of a credit of interest, made anew (劳办发〔1997〕116号; in two parts: 国发〔1998〕44号)."""
    opening, carried, came, went = principal(credit, term, entries, batches, ends_in, undone_by)
    current, prior = ([Decimal(rate) for rate in term[name].split()] for name in ("current_rates", "prior_rates"))
    parts = (opening, carried) if term["is_split"] else (opening + carried, ZERO)
    mode, figures = term["rounding_mode"], [opening + carried, carried]
    worth = [bearing(parts[0], mode) * sum(prior) + bearing(parts[1], mode) * sum(current)]
    for flow, formula, is_payout in ((came, term["method"], False), (went, term["payout_method"], True)):
        held = {place_of(month, term["first_month"]): bearing(amount, mode) for month, amount in flow.items()}
        weights = [sum(current[place:]) for place in range(len(current))]
        if formula == "YEARLY" and len(current) == 12:
            half = sum(current) * Decimal(term["yearly_factor"]) / 2
            weights = [sum(current) - half if is_payout else half] * 12
        figures.append(sum(flow.values(), ZERO))
        figures.append(sum((amount * (len(current) - place) for place, amount in held.items()), ZERO))
        worth.append(sum((amount * weights[place] for place, amount in held.items()), ZERO))
    return tuple(map(yuan, figures + [rounded(part / 12, mode) for part in worth]))


def last_month(credit, term, closings, batch):
    """The month in which the account ended, as it was known when the interest was credited; None while it was open."""
    closures = [closure for closure, undone_by in closings if undone_by is None or undone_by > credit["batch_id"]]
    if term["is_closing"]:
        return term["period"]
    if "/closing/" in batch["source_ref"] or any(closure["batch_id"] < credit["batch_id"] for closure in closures):
        return min((closure["booked_month"] for closure in closures), default=None)
    return None


def check_credits(tables, entries, undone_by, report):
    """Each credit reckoned anew. Returns those that stand by account and period, and what each has to have posted."""
    batches, terms = by_id(tables["batches"]), by_id(tables["interest_terms"], "batch_id")
    standing, due, closings = {}, {}, closings_of(tables)
    for credit in sorted(tables["interest_credits"], key=lambda credit: credit["batch_id"]):
        account, term, batch = account_of(credit), terms.get(credit["batch_id"]), batches.get(credit["batch_id"])
        what = "%s %s %s" % (credit["scheme"], credit["area_code"], credit["period"][:7])
        if not term or not batch or account[1:] != (term["scheme"], term["area_code"]):
            report.find("w_terms", what=what)
            continue
        told, found = tuple(credit[name] for name in FIGURES), ("0.00",) * len(FIGURES)
        # What stood for a month that is no longer the due one now stands at nothing.
        if credit["period"] == term["period"]:
            ends_in = last_month(credit, term, closings[account], batch)
            found = reckoned(credit, term, entries[account], batches, ends_in, undone_by)
        if told != found or credit["booked_month"] != batch["booked_month"]:
            report.find("w_interest", what=what, told=" ".join(told), found=" ".join(found))
        standing[(*account, credit["period"])] = credit
        for kind, name, sign in zip(INTEREST, FIGURES[-3:], (1, 1, -1)):
            due[(*account, credit["period"], credit["batch_id"], kind)] = sign * Decimal(credit[name])
    return standing, due


def check_interest(tables, undone_by, report):
    """All interest is reckoned anew from the movements and the rates, and what is booked is what the credits say."""
    before, batches = len(report.wrong), by_id(tables["batches"])
    check_terms(tables, report)
    standing, due = check_credits(tables, by_account(tables["entries"]), undone_by, report)
    posted, number = defaultdict(Decimal), 0
    for entry in tables["entries"]:
        if batches.get(entry["batch_id"], {}).get("kind") == "interest":
            # By period everything, so that of several credits one stands; by credit what is not a reversal.
            key = (*account_of(entry), entry["period"])
            posted[key] += Decimal(entry["amount"])
            if entry["kind"] != "reversal":
                posted[(*key, entry["batch_id"], entry["kind"])] += Decimal(entry["amount"])
                number += 1
    due.update({key: interest_of(credit) for key, credit in standing.items()})
    for key in sorted(set(due) | set(posted), key=str):
        if posted[key] != due.get(key, ZERO):
            what = " ".join(map(str, key[1:]))
            report.find("w_credited", what=what, told=posted[key], found=due.get(key, ZERO))
    if len(report.wrong) == before:
        tell_interest(standing, by_id(tables["interest_terms"], "batch_id"), number, report)


def interest_of(credit):
    return Decimal(credit["on_opening"]) + Decimal(credit["on_credits"]) - Decimal(credit["removed"])


def tell_interest(standing, terms, number, report):
    """Which interest was reckoned anew, by insurance and area, and which of it is provisional."""
    for word in ("interest", "provisional"):
        periods = defaultdict(list)
        for key, credit in sorted(standing.items()):
            if interest_of(credit) and (word == "interest" or terms[credit["batch_id"]]["is_provisional"]):
                periods[key[1:3]].append(key[3][:7])
        if periods:
            what = "; ".join("%s %s: %s" % (*account, ", ".join(months)) for account, months in sorted(periods.items()))
            report.checked.append(report.words(word, n=number, what=what))


def stated(entries, year, batches):
    """What a statement of the year has to say of an account's movements: {column: yuan}, and the months credited."""
    sums, covered = defaultdict(Decimal), defaultdict(Decimal)
    for entry in entries:
        amount, kind, booked = Decimal(entry["amount"]), entry["kind"], entry["booked_month"][:4]
        if booked > year:
            continue
        sums["closing"] += amount
        if booked < year:
            sums["opening"] += amount
        elif batches.get(entry["batch_id"], {}).get("kind") == "interest":
            sums["interest" if entry["period"][:4] >= year else "earlier_interest"] += amount
        else:
            sums[COLUMNS.get(kind)] += -amount if kind in PAYOUTS else amount
            covered[kind, entry["period"]] += amount
    contributed = [key for key, amount in covered.items() if amount > 0 and key[0] in ("contrib_ind", "contrib_emp")]
    return sums, len({period for _kind, period in contributed})


def check_statements(tables, report):
    """Each statement sums what was booked in its year, and opens with the closing of the year before."""
    before, entries, batches = len(report.wrong), by_account(tables["entries"]), by_id(tables["batches"])
    known, previous, ended = {account_of(row) for row in tables["accounts"]}, {}, {}
    for account, closings in closings_of(tables).items():
        ended[account] = min(closing["booked_month"] for closing, _undone_by in closings)
    names = ("opening", *dict.fromkeys(COLUMNS.values()), "interest", "earlier_interest", "closing")
    for row in sorted(tables["statements"], key=lambda row: row["period"]):
        year, account = row["period"][:4], account_of(row)
        sums, months = stated(entries[account], year, batches)
        told = (*tuple(row[name] for name in names), str(row["months"]), row["period"])
        found = (*tuple(yuan(sums[name]) for name in names), str(months), year + "-12-01")
        what, last = "%s %s %s" % (*account[1:], year), previous.get(account)
        if told != found or account not in known:
            report.find("w_statement", what=what, told=" ".join(told), found=" ".join(found))
        # An account that was closed and rested has no statement until something comes to it.
        follows = last and (int(last["period"][:4]) + 1 == int(year) or (ended.get(account) or year) < year)
        if last and (not follows or last["closing"] != row["opening"]):
            report.find("w_year", what=what)
        previous[account] = row
    report.right_unless_wrong(before, "statements", n=len(tables["statements"]))


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
    batches, files = by_id(tables["batches"]), by_id(tables["files"])
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
    check_transfers(tables, report)
    check_corrections(tables, undone_by, report)
    check_interest(tables, undone_by, report)
    check_statements(tables, report)
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
