/// The layers of a file that are not shown unless somebody asks for them (ISO 32000-1, 8.11).
struct HiddenLayers {
  private var off: Set<Int> = []
  private let streams: ContentStreams

  /// Looks up which layers the file's own way of showing it leaves out.
  init(_ streams: ContentStreams) {
    self.streams = streams
    for (properties, _) in streams.values(ofKey: "/OCProperties") {
      guard let view = properties["D"].flatMap(streams.resolved) else { continue }
      if view["BaseState"]?.name == "OFF" {
        off.formUnion(targets(properties["OCGs"]))
        off.subtract(targets(view["ON"]))
      }
      off.formUnion(targets(view["OFF"]))
    }
  }

  /// Whether what belongs to a layer, or to those that a membership names, is not shown.
  ///
  /// Memberships that are stated otherwise than by naming layers of which one must be shown count as shown.
  func hide(_ layer: PDFValue?) -> Bool {
    guard let layer, !off.isEmpty else { return false }
    if let number = layer.target, off.contains(number) { return true }
    let value = streams.resolved(layer)
    guard value?["Type"]?.name == "OCMD", value?["VE"] == nil,
      value?["P"].map({ $0.name == "AnyOn" }) ?? true
    else { return false }
    let layers = targets(value?["OCGs"])
    return !layers.isEmpty && layers.allSatisfy(off.contains)
  }

  /// The numbers of the objects that an array names, or of the one that is named.
  private func targets(_ value: PDFValue?) -> [Int] {
    guard let value else { return [] }
    if case .array(let members)? = streams.resolved(value) { return members.compactMap(\.target) }
    return [value.target].compactMap { $0 }
  }
}
