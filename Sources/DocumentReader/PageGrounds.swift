/// What the pages of a document are painted with, for what stands on one of them that nothing here names.
struct PageGrounds {
  private var pages: [Coverings] = []
  /// No honest document compares more.
  private var left = 5_000_000

  mutating func add(_ page: Coverings) {
    if !page.isLight { pages.append(page.withoutText) }
  }

  /// What lies under a part of a page: light only if it is so on all pages.
  mutating func ground(under area: Coverings.Area) -> Coverings.Ground {
    for index in pages.indices {
      left -= 1 + pages[index].paintings
      guard left > 0, pages[index].ground(under: area) == .light else { return .unknown }
    }
    return .light
  }
}
