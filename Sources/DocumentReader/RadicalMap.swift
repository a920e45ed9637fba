/// Radicals that some producers write instead of the ideographs that look alike.
///
/// NFKC folds the Kangxi block but only two of the supplement. These are the supplement's entries of
/// Unicode's EquivalentUnifiedIdeograph.txt that are whole characters in Japanese, and two of the Kangxi
/// block for which NFKC gives a Chinese form.
enum RadicalMap {
  static let entries: [Unicode.Scalar: Unicode.Scalar] = [
    "⺎": "兀", "⺏": "尣", "⺐": "尢", "⺒": "巳", "⺓": "幺", "⺔": "彑", "⺙": "攵", "⺛": "旡", "⺠": "民",
    "⺬": "示", "⻁": "虎", "⻄": "西", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼", "⻨": "麦",
    "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀", "⼾": "戸", "⿊": "黒",
  ]
}
