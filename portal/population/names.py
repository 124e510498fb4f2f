"""Words from which names, addresses and occupations are drawn."""

# Surnames by how often they are drawn; compound ones and the rare ones of the name test set are in it.
SURNAMES = (
    *("王李张刘陈杨黄赵吴周" * 6),
    *("徐孙马朱胡郭何高林罗" * 3),
    *"郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦",
    *("欧阳", "司马", "上官", "诸葛", "令狐"),
)
GIVEN = {
    "男": "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆哲昊轩博文思远子涵睿航泽楷",
    "女": "芳娜敏静丽艳娟霞秀玲桂英雪琳颖洁梅倩婷慧怡欣悦佳雨桐梓萱诗涵可馨语彤若曦",
}
RARE = "㙍𠮷𫖯䶮𬀩𬭚𰻝"
MINORITY = (
    ("维吾尔族", "男", ("艾力", "买买提", "库尔班", "吐尔逊"), ("阿不都", "依明", "热合曼", "司马义")),
    ("维吾尔族", "女", ("阿依古丽", "热依扎", "古丽娜尔", "帕提古丽"), ("买买提", "依明", "热合曼", "艾山")),
    ("哈萨克族", "男", ("叶尔兰", "巴合提", "加尔肯"), ("努尔兰", "哈力别克", "阿合买提")),
    ("藏族", "女", ("卓玛", "央金"), ("次仁", "拉姆")),
)
OTHER_NATIONS = ("回族", "满族", "蒙古族", "壮族", "苗族")
FOREIGN = ("安娜·伊万诺娃", "马可·罗西", "金智友", "山本悠")

OCCUPATIONS = ("软件工程师", "会计", "销售", "车间操作工", "客服专员", "行政专员", "仓库管理员", "教师", "司机", "厨师")
SKILLS = (
    ("电工", "三级/高级工"),
    ("焊工", "四级/中级工"),
    ("养老护理员", "五级/初级工"),
    ("中式烹调师", "三级/高级工"),
)

EMPLOYER_WORDS = ("砚溪", "棠屿", "栖云", "澄岭", "暖砾", "枕霞", "橘涧", "霁帆", "苔原", "鹿谣", "麦浪里", "青岫")
TRADES = (
    ("软件科技", 1),
    ("商务咨询", 1),
    ("餐饮管理", 2),
    ("纺织", 3),
    ("食品加工", 3),
    ("电子制造", 4),
    ("机械制造", 5),
    ("建筑工程", 6),
    ("矿业", 8),
)
PUBLIC_BODIES = ("第一示范小学", "示范图书馆", "示范文化馆", "示范中学", "示范卫生监督所")
BANKS = ("示范商业银行", "晨光示范银行", "邮路示范银行")
STREETS = ("示范路", "梧桐街", "银杏里", "望江路")


def given_name(rng, sex):
    count = 2 if rng.random() < 0.75 else 1
    return "".join(rng.choice(GIVEN[sex]) for _ in range(count))


def person_name(rng, sex):
    """(name, ethnic group). One in forty has a character that few fonts and tables know."""
    draw = rng.random()
    if draw < 0.015:
        nation, _sex, first, last = rng.choice([entry for entry in MINORITY if entry[1] == sex])
        return f"{rng.choice(first)}·{rng.choice(last)}", nation
    if draw < 0.04:
        return rng.choice(SURNAMES) + rng.choice(GIVEN[sex]) + rng.choice(RARE), "汉族"
    nation = rng.choice(OTHER_NATIONS) if draw > 0.95 else "汉族"
    return rng.choice(SURNAMES) + given_name(rng, sex), nation


def address(rng, area):
    return (
        f"{area.name}{rng.choice(area.districts)}{rng.choice(STREETS)}{rng.randint(1, 99)}号{rng.randint(101, 2604)}室"
    )
