extension ExclusionLexicon {
  /// The lexicon that is in force until another is adopted.
  public static let standard = ExclusionLexicon(
    name: "standard-3", phrases: phrases(of: firstTable + secondTable + table),
    classes: [.person, .place, .number, .address, .building, .name, .value],
    allowed: misfiled.union(regions))

  /// What `standard` was before, oldest first: each goes on being in force where models have learnt under it.
  public static let formerStandards = [
    ExclusionLexicon(
      name: "standard-1", phrases: phrases(of: firstTable), classes: [.person, .place, .number],
      allowed: misfiled),
    ExclusionLexicon(
      name: "standard-2", phrases: phrases(of: firstTable + secondTable),
      classes: [.person, .place, .number, .address, .furigana], allowed: misfiled),
  ]

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

  private static let table: [(String, String)] = [
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
