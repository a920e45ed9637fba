extension ExclusionLexicon {
  /// The lexicon that is in force until another is adopted.
  public static let standard = ExclusionLexicon(
    name: "standard-5", phrases: unambiguous + phrases(of: latestTable),
    classes: [.person, .place, .number, .address, .building, .name, .value],
    allowed: Set(misfiled.union(regions).map(NounRules.term)), matching: .second)

  /// What `standard` was before, oldest first: each goes on being in force where models have learnt under it.
  public static let formerStandards = [
    ExclusionLexicon(
      name: "standard-1", phrases: phrases(of: firstTable), classes: [.person, .place, .number],
      allowed: misfiled, matching: .first),
    ExclusionLexicon(
      name: "standard-2", phrases: phrases(of: firstTable + secondTable),
      classes: [.person, .place, .number, .address, .furigana], allowed: misfiled, matching: .first),
    ExclusionLexicon(
      name: "standard-3", phrases: phrases(of: firstTable + secondTable + thirdTable),
      classes: [.person, .place, .number, .address, .building, .name, .value],
      allowed: misfiled.union(regions), matching: .first),
    ExclusionLexicon(
      name: "standard-4", phrases: unambiguous,
      classes: [.person, .place, .number, .address, .building, .name, .value],
      allowed: misfiled.union(regions), matching: .first),
  ]

  private static let unambiguous = phrases(of: firstTable + secondTable + thirdTable + table)
    .filter { !ambiguous.contains($0.text) }

  /// Words of former tables that are those of a trade as well: 固定資産 of accounting, 連合学習 of machine learning.
  private static let ambiguous: Set<String> = ["資産", "連合"]

  private static func phrases(of table: [(String, String)]) -> [Phrase] {
    table.flatMap { category, texts in
      texts.split(separator: " ").map { Phrase(category: category, text: String($0)) }
    }
  }

  /// Common words that ipadic files among the names of persons and places.
  static let misfiled: Set<String> = [
    "ツール", "ハード", "ソフト", "クラウド", "リード", "マネージ", "スクラム", "テスト", "ボード", "ミドル",
    "ライン", "ロード", "ルート", "セル", "パス", "ベンダ", "フロント", "バック", "エンド", "マスタ", "リーダ",
    "メイン", "サーバ", "データ", "コード", "スキル", "モデル", "レビュー", "チーム", "ビジネス", "デザイン",
    "ベース", "オフィス", "アジャイル", "ジャパン",
  ]

  /// Where business is done, too large to tell where anybody lives or comes from; and a language's name.
  private static let regions: Set<String> = [
    "関東", "関西", "アジア", "東南アジア", "東アジア", "欧州", "欧米", "ヨーロッパ", "北米", "南米", "中南米", "中東", "オセアニア",
    "アフリカ", "ルビー",
  ]

  /// Words that the present matching no longer finds within others.
  private static let latestTable: [(String, String)] = [("sex", "lgbts lgbtq lgbtqs lgbtqia")]

  /// Words that mostly tell of somebody's trade are left out: 認知症, 寺院, 喫煙, 団体交渉, 日系.
  ///
  /// Those that may well tell of the applicant are in, though a trade has them, too: 脳梗塞 of nurses, 再雇用 of personnel.
  private static let table: [(String, String)] = [
    ("birthplace", "原籍 生誕地 郷里 故郷 帰省 県人会 生い立ち 出自 私生児 嫡出子 非嫡出子"),
    (
      "family",
      "肉親 祖先 先祖 親戚 親類 跡取り 跡継ぎ 婿養子 双子 兄妹 姉弟 四男 四女 五男 曾祖父 曾祖母 曽祖父 曽祖母 亡父 亡母 "
        + "父方 母方 父兄 老親 核家族 大家族 生家 身寄り 親孝行 家督 介護離職 親の介護 家族の介護 ヤングケアラー"
    ),
    ("housing", "実家暮らし 実家住まい 寄宿舎 居候 自宅通勤 自宅外通勤"),
    (
      "environment", "世帯年収 世帯収入 保有資産 資産状況 資産家 奨学金 貧困家庭 貧乏 裕福 仕送り 生活困窮"
    ),
    (
      "religion",
      "創価 創価大学 創価高校 創価高等学校 創価女子短期大学 天理大学 天理高校 天理高等学校 佛教大学 仏教大学 基督教 "
        + "神学 神学校 神学部 神学院 ミッションスクール ミッション系 聖職者 修道院 修道女 修道士 宣教 宣教師 伝道 "
        + "布教 教団 教祖 教義 法華経 念仏 座禅 坐禅 読経 出家 得度 仏門 菩提寺 宮司 巫女 尼僧 日曜学校 聖歌隊 "
        + "讃美歌 賛美歌 断食 ラマダン 改宗 入信 無神論 真如苑 霊友会 生長の家 世界救世教 金光教 黒住教 大本教 モルモン教 "
        + "末日聖徒"
    ),
    (
      "party",
      "幸福実現党 nhk党 都民ファースト 維新の会 希望の党 民進党 みんなの党 チームみらい 無党派 党派 選挙運動 選挙活動 "
        + "選挙ボランティア 政治活動 政治団体 政治信条 民青同盟 民主青年同盟 街頭演説 公明新聞 投票先"
    ),
    ("belief", "人生哲学 人生訓 処世訓 家訓 死生観 好きな言葉"),
    ("respect", "敬愛 崇拝 私淑 憧れの人物 理想の人物"),
    (
      "thought",
      "護憲 改憲 反戦 反核 反原発 脱原発 安保法制 靖国 君が代 愛国心 民族主義 国家主義 軍国主義 全体主義 菜食主義 "
        + "フェミニズム フェミニスト"
    ),
    (
      "union",
      "組合役員 組合専従 全労協 国労 動労 私鉄総連 電機連合 自動車総連 uaゼンセン 情報労連 署名活動 学生自治会 住民運動 "
        + "反対運動 平和運動 座り込み 社会活動家 中核派 革マル派 学園紛争 安保闘争 メーデー 労働争議"
    ),
    (
      "reading",
      "購読紙 愛読紙 座右の書 好きな作家 好きな本 好きな雑誌 文春 週刊金曜日 夕刊フジ 世界日報 スポニチ スポーツ報知 "
        + "サンケイスポーツ デイリースポーツ 東京スポーツ 信濃毎日新聞 十勝毎日新聞 山陽新聞 静岡新聞 新潟日報 熊本日日新聞 "
        + "神奈川新聞 岩手日報 東奥日報 秋田魁新報 山形新聞 福島民報 福島民友 下野新聞 上毛新聞 茨城新聞 千葉日報 埼玉新聞 "
        + "北國新聞 福井新聞 岐阜新聞 山陰中央新報 山口新聞 徳島新聞 四国新聞 愛媛新聞 高知新聞 佐賀新聞 長崎新聞 "
        + "大分合同新聞 宮崎日日新聞 南日本新聞 琉球新報 沖縄タイムス"
    ),
    (
      "sex",
      "女史 女流 女優 女将 女社長 女子会 婦警 婦人会 保母 助産婦 保健婦 スチュワーデス ウェイトレス 紅一点 リケジョ "
        + "男らしい 女らしい 男装 女装 月経 生理休暇 母子手帳 性自認 性同一性障害 バイセクシュアル ノンバイナリー クィア"
    ),
    (
      "age",
      "老後 老齢 高年齢 年配 年長者 年上 年下 同い年 壮年 初老 アラカン アラ還 バブル世代 シルバー人材 生年 年男 年女 "
        + "成人式 未成年 古希 喜寿 傘寿 米寿 年金受給 年金生活 役職定年 再雇用"
    ),
    (
      "marriage",
      "婚活 新婚 入籍 離縁 死別 晩婚 独り身 夫婦 家内 女房 亭主 伴侶 恋人 彼氏 交際相手 寿退社 寿退職 つわり 流産 産前 "
        + "産前産後 不妊 授乳 母乳 子宝 保活 ワーママ ワーキングマザー イクメン"
    ),
    (
      "nationality",
      "在日コリアン 日系二世 日系三世 帰化人 市民権 二重国籍 無国籍 台湾籍 米国籍 華僑 移民 混血 黒人 白人 先住民 "
        + "先住民族 就労許可 就労資格 資格外活動"
    ),
    (
      "health",
      "病気 病弱 虚弱体質 体調不良 既往症 後遺症 服薬 手術歴 休職歴 休職中 病気休職 傷病手当 メンタル不調 "
        + "メンタルヘルス不調 自律神経失調症 躁うつ病 躁鬱 強迫性障害 睡眠障害 不眠症 ptsd 吃音 失語症 腰痛 ヘルニア "
        + "メニエール病 パーキンソン病 バセドウ病 クローン病 潰瘍性大腸炎 過敏性腸症候群 心臓病 腎臓病 心筋梗塞 脳梗塞 "
        + "脳卒中 膠原病 c型肝炎 結核 性病 多汗症 食物アレルギー アルコール依存症 障害年金 障害基礎年金 障害厚生年金 "
        + "障害等級 療育手帳 健常者"
    ),
    ("appearance", "外見 ルックス 美貌 美人 イケメン 体格 小柄 長身 やせ型 痩せ型 座高 胸囲 裸眼 矯正視力 刺青 タトゥー"),
    ("record", "前歴 補導歴 少年院 執行猶予 懲役 罰金刑 身元保証 興信所 素行調査 思想調査"),
  ]

  private static let thirdTable: [(String, String)] = [
    ("birthplace", "同和地区 被差別部落 士族 華族 家系 旧家 帰国子女 日系人 残留孤児"),
    (
      "family",
      "寡婦 寡夫 内縁 嫁 婿 実父 実母 義父 義母 養父 養母 継父 継母 義兄 義姉 義弟 義妹 里親 里子 共働き 共稼ぎ 世帯主 "
        + "母子 父子 片親 ひとり親 一人親 叔父 叔母 伯父 伯母 従兄弟 従姉妹 甥 姪 末っ子 長子 遺児 パパ ママ 主人 "
        + "子なし 子連れ 一児 二児 三児"
    ),
    (
      "housing",
      "社宅 寮 独身寮 社員寮 一戸建て アパート 分譲マンション 賃貸マンション 下宿 団地 公営住宅 県営住宅 市営住宅 "
        + "一人暮らし ひとり暮らし 独り暮らし"
    ),
    (
      "religion",
      "仏教徒 浄土真宗 浄土宗 曹洞宗 臨済宗 日蓮宗 日蓮正宗 天台宗 真言宗 禅宗 宗派 檀家 氏子 信徒 信心 僧侶 住職 "
        + "神主 神父 牧師 礼拝 ユダヤ教 ヒンドゥー教 ヒンズー教 新興宗教 無宗教"
    ),
    ("party", "民主党 社会党 社会民主党 日本保守党 新社会党 党員 日本会議"),
    ("respect", "尊敬"),
    (
      "thought", "共産主義 社会主義 無政府主義 マルクス主義 国粋主義 右翼 左翼 極右 極左"
    ),
    ("union", "日教組 自治労 全労連 ストライキ 春闘 労組委員長"),
    (
      "reading",
      "文藝春秋 文芸春秋 週刊文春 週刊新潮 週刊現代 週刊ポスト 日刊ゲンダイ 中日新聞 東京新聞 西日本新聞 北海道新聞 "
        + "京都新聞 神戸新聞 中国新聞 河北新報 日刊スポーツ 日経電子版 日経朝刊 日経夕刊 日経産業新聞 日経mj 日経を購読 "
        + "日経を愛読"
    ),
    ("sex", "女子高 女子中学 女子学生 女子生徒 専業主婦 専業主夫 男女共学"),
    ("age", "中年 熟年 平成生まれ 昭和生まれ ゆとり世代 氷河期世代 就職氷河期 早生まれ 干支 星座"),
    ("marriage", "バツイチ 同棲 別居 事実婚 既婚者 独身者 不妊治療 妊活"),
    (
      "nationality",
      "日本人 アメリカ人 台湾人 フィリピン人 ネパール人 インド人 ロシア人 イギリス人 フランス人 ドイツ人 ミャンマー人 "
        + "タイ人 ハーフ 難民 母国 母国語 朝鮮学校 民族学校"
    ),
    (
      "health",
      "精神疾患 うつ 鬱 双極症 喘息 ぜんそく 難聴 自閉症 自閉スペクトラム症 アスペルガー 学習障害 色盲 色弱 "
        + "パニック障害 不安障害 摂食障害 依存症 闘病 アトピー 花粉症 貧血 高血圧 人工透析 白血病 リウマチ 傷病休職 "
        + "喫煙者 左利き 右利き"
    ),
  ]

  private static let secondTable: [(String, String)] = [
    (
      "family",
      "息子 娘 孫 兄 弟 姉 妹 妻子 お父さん お母さん 奥さん 旦那 未亡人 孤児 養子 養親"
    ),
    ("address", "現住所 居住地 自宅"),
    ("environment", "生活保護"),
    ("religion", "クリスチャン"),
    ("respect", "尊敬する歴史上の人物"),
    ("union", "原水禁運動"),
    ("reading", "日本経済新聞 日経新聞"),
    ("sex", "男女 女医 看護婦 ゲイ レズビアン"),
    ("age", "アラサー アラフォー アラフィフ 団塊世代"),
    ("marriage", "妊婦 マタハラ シングル・マザー シングル・ファザー"),
    ("nationality", "中国人 韓国人 朝鮮人 ブラジル人 ベトナム人"),
    (
      "health",
      "聴覚障害 視覚障害 双極性障害 統合失調症 adhd 車椅子 車いす エイズ 更年期"
    ),
  ]

  private static let firstTable: [(String, String)] = [
    ("birthplace", "本籍 本籍地 出生地 出身地 出身国 生まれ故郷 門地 家柄 戸籍 戸籍謄本 戸籍抄本 部落 同和"),
    (
      "family",
      "家族 家族構成 扶養 扶養家族 扶養義務 配偶者 続柄 父親 母親 両親 父 母 父子家庭 母子家庭 兄弟 姉妹 長男 "
        + "次男 三男 長女 次女 三女 一人っ子 祖父 祖母 祖父母 保護者 親族 実家 家業"
    ),
    ("housing", "持ち家 持家 借家 借間 賃貸住宅 社宅住まい 住宅状況 間取り 部屋数 同居 近隣施設 略図"),
    (
      "environment",
      "生活環境 家庭環境 生活水準 資産 収入状況 預貯金 借金 最寄り駅 最寄駅 通勤時間 自宅付近"
    ),
    (
      "religion",
      "宗教 信仰 信者 教会 洗礼 仏教 神道 キリスト教 カトリック プロテスタント イスラム教 ムスリム 創価学会 "
        + "エホバの証人 幸福の科学 天理教 立正佼成会 統一教会"
    ),
    (
      "party",
      "支持政党 政党 自民党 自由民主党 立憲民主党 公明党 共産党 日本共産党 社民党 国民民主党 日本維新の会 "
        + "れいわ新選組 参政党"
    ),
    ("belief", "人生観 生活信条 座右の銘 信条"),
    ("respect", "尊敬する人物 尊敬する人 尊敬している人"),
    ("thought", "思想 思想信条 政治思想 天皇制"),
    (
      "union",
      "労働組合 労組 組合活動 組合員 学生運動 消費者運動 市民運動 社会運動 デモ活動 全学連 連合"
    ),
    (
      "reading",
      "愛読書 購読新聞 購読雑誌 愛読 朝日新聞 読売新聞 毎日新聞 産経新聞 赤旗 しんぶん赤旗 聖教新聞"
    ),
    (
      "sex",
      "性別 男性 女性 男子 女子 男 女 女子大学 女子大 女子短期大学 女子高校 女子高等学校 女学院 女学園 "
        + "男子校 女子校 主婦 主夫 婦人 ジェンダー トランスジェンダー 同性愛 lgbt 性的指向"
    ),
    (
      "age",
      "年齢 生年月日 誕生日 満年齢 昭和 平成 令和 大正 歳 才 還暦 定年 若手 若者 中高年 高齢 高齢者 シニア層 "
        + "第二新卒"
    ),
    (
      "marriage",
      "独身 未婚 既婚 婚姻 結婚 離婚 再婚 婚約 妊娠 出産 産休 育休 育児休業 産前産後休業 子供 子ども 育児 "
        + "子育て シングルマザー シングルファザー 妻 夫"
    ),
    (
      "nationality",
      "国籍 外国籍 日本国籍 在日 帰化 永住者 永住権 在留資格 在留カード 就労ビザ 外国人 人種 民族 アイヌ "
        + "韓国籍 中国籍 朝鮮籍 特別永住者"
    ),
    (
      "health",
      "健康状態 健康診断 持病 既往歴 病歴 通院 入院 障害者 障害者手帳 障がい者 障がい 身体障害 精神障害 "
        + "発達障害 知的障害 うつ病 鬱病 適応障害 てんかん 糖尿病 癌 がん 難病 血液型 療養 b型肝炎 hiv"
    ),
    ("appearance", "容姿 容貌 身長 体重 スリーサイズ 視力 色覚 肥満"),
    ("record", "犯罪歴 前科 逮捕歴 賞罰 身元調査 身元保証人"),
  ]
}
