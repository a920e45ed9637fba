import Foundation
import TestSupport
import Testing

@testable import senko

/// If this fails, a model's event names other packages than its program was built from.
@Suite struct LinkedPackagesTests {
  @Test func thePackagesAreThoseThatTheBuildResolved() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    let pins = manifest.matches(of: /\.package\(url: "[^"]*\/([^"\/]+)", exact: "([^"]+)"\)/)
    #expect(pins.count >= 8)
    for pin in pins { #expect(linkedPackages[String(pin.1)] == String(pin.2), "\(pin.1)") }
    // What these depend on in turn is linked as well.
    #expect(linkedPackages["swift-crypto"] != nil && linkedPackages.count > pins.count)
  }
}
