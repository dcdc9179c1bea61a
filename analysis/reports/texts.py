"""Every text of the page and the workbook, by name: Chinese, English."""

from __future__ import annotations

from analysis.reports.more_texts import SCRIPT, SHEETS

TEXT: dict[str, tuple[str, str]] = {
    "title": ("大模型中标月报", "Large-model awards"),
    "subtitle": ("中国公共采购中的大模型项目", "Large-model projects in China's public procurement"),
    "made_up": (
        "示例：项目与金额均为虚构，不反映市场。",
        "Demo: projects and sums are made up and say nothing about the market.",
    ),
    "definition": ("口径", "Definition"),
    "as_of": ("数据截至", "As of"),
    "coverage": ("覆盖", "Coverage"),
    "contents": ("目录", "Contents"),
    "skip": ("跳到项目清单", "Skip to the awards"),
    # headline
    "headline": ("本月概览", "The month"),
    "lead": (
        "{month}共有 {awards} 个大模型项目中标{growth}；其中 {disclosed} 个公布了金额，合计 {amount}。",
        "{awards} large-model projects were awarded in {month}{growth}; {disclosed} of them disclose a price, {amount} in all.",
    ),
    "lead_growth": ("，上年同月为 {base} 个（同比 {growth}）", ", against {base} a year before ({growth})"),
    "lead_nothing": ("{month}没有任何已知数据。", "Nothing is known of {month}."),
    "lead_none": ("{month}没有计入的项目。", "No award counts in {month}."),
    "undisclosed_note": (
        "另有 {undisclosed} 个未披露金额：公告只给出费率、折扣、单价，或没有金额；它们计入项目数，不计入金额，也不按 0 处理。",
        "The other {undisclosed} are undisclosed: their notices give a rate, a discount, a unit price or no price. They count as "
        "awards and add no money; they are not zero.",
    ),
    "awards": ("中标项目", "Awards"),
    "awards_unit": ("个", ""),
    "amount": ("披露金额", "Disclosed amount"),
    "disclosed": ("已披露金额", "Disclosed"),
    "disclosed_part": ("披露金额的项目占比", "Awards that disclose an amount"),
    "undisclosed": ("未披露金额", "Undisclosed"),
    "yoy": ("同比", "Year on year"),
    "mom": ("环比", "Month on month"),
    "base": ("基期", "base"),
    "no_base": ("无可比基期", "no base"),
    "bases": ("增长的基数", "Growth and what it compares"),
    "compared": ("比较", "Compared"),
    "like": ("同平台增长", "Like for like"),
    "like_note": (
        "同平台增长只比较两个月都完整采集的平台，去掉新增平台的影响。",
        "Like for like compares only the portals that were read completely in both months, so that new ones are no growth.",
    ),
    "like_portals": ("{compared}：{portals}。", "{compared}: {portals}."),
    "like_none": ("没有平台在两个月都完整", "no portal was read completely in both months"),
    "growth_awards": ("项目数增长", "Growth of awards"),
    "growth_amount": ("金额增长", "Growth of amount"),
    "complete": ("覆盖完整", "Coverage complete"),
    "not_complete": ("覆盖不完整", "Coverage incomplete"),
    "largest": ("金额最大的项目", "Largest awards"),
    # curve
    "curve": ("逐月走势", "Month by month"),
    "curve_awards": ("中标项目数（个）", "Awards"),
    "curve_amount": ("披露金额（亿元）", "Disclosed amount (CNY m)"),
    "curve_note": (
        "横线为上年同月的水平。没有柱的月份没有计入的项目，也可能是没有采集：先看覆盖，再看增长。点击柱形查看该月项目。",
        "The line across is the level of the same month a year before. A month without a bar has no award that counts, or was "
        "never collected: look at the coverage before the growth. Click a bar for its awards.",
    ),
    "curve_alt": (
        "{title}：从{first}到{last}，{last}为 {now}，最高为{top}的 {most}。",
        "{title}, from {first} to {last}: {now} in {last}; the highest is {most} in {top}.",
    ),
    "as_table": ("表格", "As a table"),
    "month": ("月份", "Month"),
    # shares
    "types": ("项目类型", "Project types"),
    "types_note": (
        "按花钱买的是什么划分：算力（机器与算力服务）、应用（用于某一业务）、大模型（模型及其平台）、数据（语料与数据集）。",
        "By what the money buys: compute (machines, capacity), application (a model at work in a field), model (the model and "
        "its platform), data (corpora and data sets).",
    ),
    "type": ("类型", "Type"),
    "share_awards": ("占项目数", "Share of awards"),
    "share_amount": ("占金额", "Share of amount"),
    "by_awards": ("占项目数（%）", "Share of awards, %"),
    "by_amount": ("占披露金额（%）", "Share of the disclosed amount, %"),
    "types_alt": ("{title}，按月堆叠；{month}：{shares}。", "{title}, stacked by month; {month}: {shares}."),
    "sectors": ("行业", "Sectors"),
    "sector": ("行业", "Sector"),
    "sectors_note": (
        "按采购人所属行业划分。下表为各行业占当月项目数的百分比，颜色越浓占比越高。",
        "By the buyer's sector. Below: each sector's share of the month's awards in per cent, the stronger the larger.",
    ),
    "sectors_time": ("各月占项目数（%）", "Share of each month's awards, %"),
    # rankings
    "vendors": ("厂商", "Vendors"),
    "vendor": ("厂商", "Vendor"),
    "vendors_note": (
        "一个项目对每个中标的厂商集团各计一次，金额为该集团中标标段之和；联合体和共享标段对每个成员全额计入，因此各行相加可以超过总数。"
        "其余项目由不属于已知集团的公司中标。",
        "An award counts once for each vendor group that won a lot of it, with the price of those lots, whole for each member of "
        "a consortium, so rows may add up to more than the total. All others went to companies of no known group.",
    ),
    "provinces": ("省份", "Provinces"),
    "province": ("省份", "Province"),
    "provinces_note": ("按采购人所在省份。", "By the buyer's province."),
    "money_head": ("金额（亿元）", "Amount (CNY m)"),
    # awards
    "list": ("项目清单", "The awards"),
    "list_note": (
        "每一行是一个采购人的一个采购项目，合并其在各平台的全部公告。点开可见标段、公告原文链接和判定所依据的原文词语。"
        "页面上的数字都是链接，点击即在此列出其背后的项目。",
        "A row is one project of one buyer, over all its notices. Open it for its lots, links to the notices, and the words on "
        "them that decided. Every figure of this page is a link that lists the awards behind it here.",
    ),
    "list_months": ("本页收录：{months}。", "On this page: {months}."),
    "list_more": (
        "其他月份：tenders summary --month YYYY-MM --format html -o FILE.html",
        "Other months: tenders summary --month YYYY-MM --format html -o FILE.html",
    ),
    "no_script": (
        "清单的查找和筛选需要 JavaScript（全部在本文件内，不联网）。没有它时请看上面金额最大的项目，或运行 tenders export。",
        "Searching the list needs JavaScript, all of it inside this file. Without it see the largest awards above, or run "
        "tenders export.",
    ),
    "project": ("项目", "Project"),
    "buyer": ("采购人", "Buyer"),
    "suppliers": ("中标供应商", "Suppliers"),
    "day": ("中标日期", "Awarded on"),
    "yuan": ("金额（元）", "Amount (yuan)"),
    # revisions
    "revisions": ("修订", "Revisions"),
    "revisions_note": (
        "自 {since}（月末后第五天，或首次有数据之日）以来，本月数字的每一次变化及原因；当时为 {awards} 个项目、{amount}。",
        "Every change of the month's figures since {since} (five days after its end, or when it was first known), and why. They "
        "were {awards} awards and {amount} then.",
    ),
    "revisions_none": ("自 {since} 以来没有变化。", "Nothing has changed since {since}."),
    "revisions_early": (
        "月末后五天之内的数字仍在补齐，从那以后的变化才记为修订。",
        "Until five days after the month's end its figures are still being completed; later changes are told here.",
    ),
    "cause": ("原因", "Cause"),
    "changes": ("次数", "Changes"),
    "awards_change": ("项目数变化", "Awards"),
    "amount_change": ("金额变化（元）", "Amount (yuan)"),
    "known_on": ("得知日期", "Known on"),
    "from_to": ("金额（元）：前 → 后", "Amount (yuan): before → after"),
    "told_by": ("依据公告", "Told by"),
    "single_changes": ("逐项变化（{n} 项）", "Single changes ({n})"),
    "net": ("合计", "net"),
    # reconciliation
    "published": ("与已发布数字对照", "Beside published figures"),
    "published_note": (
        "他人发布的同月数字，与本表并列；口径和来源不同，差额不表示任何一方有误，我们也从不据此调整。",
        "What others published for this month, beside ours. They count by other rules and sources: a difference is no error of "
        "either, and ours are never tuned to match.",
    ),
    "published_none": ("没有收录本月的已发布数字。", "No published figure of this month is on record."),
    "measure": ("指标", "Measure"),
    "their": ("已发布", "Published"),
    "ours": ("本表", "Ours"),
    "difference": ("差", "Difference"),
    "source": ("来源", "Source"),
    "note": ("备注", "Note"),
    "contradictions": ("已发布数字之间的矛盾", "Where published figures contradict one another"),
    "contradictions_note": (
        "涉及本月的矛盾，由 SQL 从收录的数字推算，两方来源并列。矛盾并不说明哪一方有误。",
        "Those that touch this month, worked out by SQL from the figures on record, with both sources. A contradiction does not "
        "say which side errs.",
    ),
    "problem": ("矛盾", "Problem"),
    "period": ("期间", "Period"),
    "one_value": ("一方", "One says"),
    "other_value": ("另一方", "The other"),
    # how to read
    "reading": ("如何阅读", "How to read this"),
    "portal": ("平台", "Portal"),
    "state": ("状态", "State"),
    "days_complete": ("完整天数", "Days complete"),
    "days_missing": ("缺天数", "Days missing"),
    "notices": ("公告数", "Notices"),
    "alarms": ("警示", "Alarms"),
    "again": ("重新计算", "Compute it again"),
    "evidence": ("依据", "Evidence"),
    "read_award": (
        "计数单位是“项目”：一个采购人的一个采购项目，合并其在各平台的全部公告；日期为首个结果公告的发布日（北京时间），更正不改变月份。",
        "The unit is the award: one project of one buyer, over all its notices on all portals, dated by its first result notice "
        "(Asia/Shanghai). Corrections do not move it to another month.",
    ),
    "read_amount": (
        "金额为计入标段的中标价之和，单位元；1 亿元 = 100,000,000 元。部分标段未披露的，金额只含已披露的标段并注明。",
        "An amount is the sum of the prices of the lots that count, in yuan; CNY m are millions of yuan. Where some lots are "
        "undisclosed it holds the others, and says so.",
    ),
    "read_growth": (
        "同比与上年同月相比，环比与上月相比，两个月都按同一截至日已知的数据计算。没有基数时写“—”，绝不写 0。",
        "Growth is on the same month of the year before, or on the month before, both as known on the same day. Where there is "
        "no base there is a dash, never 0.",
    ),
    "read_coverage": (
        "覆盖说明数字建立在哪些平台、哪些日期之上：只有事后完整读过的日子才算完整。",
        "Coverage says which portals and days the figures rest on: only days that were read in whole, after they were over, are "
        "complete.",
    ),
    "read_sector": (
        "行业和省份以采购人为准，类型以购买内容为准，逐标段判定；“未标明”表示公告没有写明。",
        "Sector and province are the buyer's, the type is what is bought, decided lot by lot. “Not stated” means that no notice "
        "says it.",
    ),
    "read_vintage": (
        "判定依据的词语取自截至日以来没有改动的公告。",
        "The words are those of notices that have not changed since that day.",
    ),
    "footer": (
        "由 tenders 生成。本页自成一体，不向任何地方发送请求；只有公告链接通往外部。",
        "Made by tenders. This page is complete in itself and sends no request anywhere; only the links to notices lead out.",
    ),
    **SCRIPT,
    **SHEETS,
}
