extension BehaviourProbe {
  /// Sentences as they stand in résumés, with the traps that were met.
  static let sentences: [String] = [
    "令和6年4月 株式会社に入社し、基幹システムの開発に従事しました。",
    "DX推進とTOEIC850点、C++、C#、Node.jsの経験があります。",
    "⼤学では⾮機能要件と⾼い⽬標、⻑く続く⻘い海、⺠間企業を学びました。",
    "ﾌﾟﾛｼﾞｪｸﾄﾏﾈｰｼﾞﾒﾝﾄとＪａｖａ、oﬃceを使います。",
    "ひとまとめにして、機械学習とリモートワークを進める。",
  ]
}
