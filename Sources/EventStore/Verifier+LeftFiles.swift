extension Verifier {
  /// Names what earlier repairs and earlier versions have left for somebody to remove.
  mutating func noteLeftFiles() throws(EventLogError) {
    let kept = ((try? SalvageFolder.kept(in: folder)) ?? []).map { Files.name($0) }
    if !kept.isEmpty {
      report.notices.append(
        "The log's file as it was before a repair is kept in the folder: \(kept.joined(separator: ", ")). Remove it once "
          + "a check finds nothing wrong and a new backup is made.")
    }
    // A backup was made elsewhere.
    guard !Files.exists(folder.checkpoint),
      let escrow = try tables.metaValue(at: MetaKey.escrow, in: environment)
    else { return }
    let left = Escrow.leftovers(beside: String(decoding: escrow, as: UTF8.self))
    guard !left.isEmpty else { return }
    report.notices.append(
      "Beside the escrow lies what an earlier version may have left when it was cut off: \(left.joined(separator: ", ")). "
        + "Remove it, unless it is somebody else's: with the keys of then, it would bring back who was erased since."
    )
  }
}
