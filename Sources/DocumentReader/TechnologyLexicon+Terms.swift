extension TechnologyLexicon {
  /// Names with signs, figures or spaces in them, and examinations, that ipadic cuts apart.
  static let builtIn: [String] = [
    // languages and platforms
    "c++", "c++11", "c++14", "c++17", "c++20", "c#", "f#", "j#", ".net", ".net core",
    ".net framework", "asp.net", "asp.net core", "asp.net mvc", "ado.net", "vb.net", "vb6",
    "objective-c", "objective-c++", "pl/sql", "pl/pgsql", "t-sql", "pl/i", "abap/4", "html5",
    "css3", "es6", "es2015", "x86", "x64", "arm64", "3d", "2d", "go", "r", "c",
    // libraries and products
    "node.js", "vue.js", "react.js", "next.js", "nuxt.js", "express.js", "nest.js", "three.js",
    "d3.js", "angular.js", "angularjs", "backbone.js", "ember.js", "chart.js", "socket.io",
    "react native", "ruby on rails", "spring boot", "spring mvc", "scikit-learn", "tailwind css",
    "power bi", "power automate", "power apps", "visual studio", "visual studio code",
    "google cloud", "google analytics", "github actions", "gitlab ci", "circle ci", "sql server",
    "active directory", "microsoft 365", "office 365", "dynamics 365", "sap s/4hana", "s/4hana",
    "adobe xd", "after effects", "premiere pro", "oracle database", "db2", "log4j", "junit5",
    "amazon web services", "amazon ec2", "amazon s3", "ec2", "s3", "route 53", "k8s",
    // protocols, methods, standards
    "tcp/ip", "http/2", "ipv4", "ipv6", "oauth 2.0", "oauth2.0", "oauth2", "ci/cd", "ui/ux",
    "ux/ui", "i/o", "b2b", "b2c", "btob", "btoc", "b to b", "b to c", "c2c", "d2c", "o2o", "m&a",
    "q&a", "r&d", "p/l", "b/s", "pm/pl", "pl/pm", "h.264", "h.265", "802.11", "rs-232c",
    "iso9001", "iso 9001", "iso14001", "iso 14001", "iso27001", "iso 27001", "iso/iec 27001",
    "a/bテスト", "os/2", "z/os", "as/400",
    // examinations
    "基本情報技術者", "基本情報技術者試験", "応用情報技術者", "応用情報技術者試験", "itパスポート",
    "itパスポート試験", "情報処理安全確保支援士", "情報セキュリティマネジメント",
    "データベーススペシャリスト", "ネットワークスペシャリスト", "エンベデッドシステムスペシャリスト",
    "プロジェクトマネージャ試験", "システムアーキテクト", "itストラテジスト", "itサービスマネージャ",
    "システム監査技術者", "日商簿記", "中小企業診断士", "社会保険労務士", "宅地建物取引士",
    "宅建", "宅建士", "英検", "漢検", "数検",
    "普通自動車第一種運転免許", "普通自動車運転免許", "mos", "toeic l&r", "toefl ibt",
    // languages that the dictionary takes for a country and an ending
    "中国語", "韓国語", "スペイン語", "ポルトガル語", "イタリア語", "ドイツ語", "ロシア語", "ベトナム語", "タイ語",
    "インドネシア語", "マレー語", "アラビア語", "ヒンディー語", "ミャンマー語", "ネパール語", "モンゴル語", "トルコ語",
    "オランダ語", "台湾語", "広東語",
  ]
}
