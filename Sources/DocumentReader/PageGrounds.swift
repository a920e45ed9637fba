/// What the pages of a document are painted with, for what stands on one of them that nothing here names.
struct PageGrounds {
  private var pages: [Coverings] = []
  /// No honest document compares more.
  private var left = 5_000_000

  mutating func add(_ page: Coverings) {
    if !page.isLight { pages.append(page.withoutText) }
  }

  /// What lies under a rectangle, of which `corners` has two opposite ones: light only if it is so on all pages.
  mutating func ground(under corners: [Double]) -> Coverings.Ground {
    let area = Coverings.Area(
      x1: min(corners[0], corners[2]), y1: min(corners[1], corners[3]),
      x2: max(corners[0], corners[2]), y2: max(corners[1], corners[3]))
    for index in pages.indices {
      left -= 1 + pages[index].paintings
      guard left > 0, pages[index].ground(under: area) == .light else { return .unknown }
    }
    return .light
  }
}
