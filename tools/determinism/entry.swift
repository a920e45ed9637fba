// What main.c calls. Compiled together with the sources of the module LinearSVM and the recorded cases,
// natively and as Embedded Swift for arm64.

/// The digest of a recorded case; 0 after the last, 1 when no model came out.
@_cdecl("learning_digest")
public func learningDigest(_ number: Int32) -> UInt64 {
  guard Int(number) < DeterminismCase.all.count else { return 0 }
  do {
    return try DeterminismCase.all[Int(number)].digest()
  } catch {
    return 1
  }
}
