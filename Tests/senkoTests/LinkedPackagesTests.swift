import Foundation
import Screening
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

  @Test func theVersionNamesTheBuildItsLibrariesAndItsPackages() throws {
    let result = try Program(data: "/nowhere").run(["--version"])
    #expect(result.status == 0)
    let build = try #require(result.output.firstMatch(of: /build +([0-9a-f]{40})\n/))
    // The same file says the same, another program something else.
    #expect(try Program(data: "/nowhere").run(["--version"]).output == result.output)
    #expect(!CodeVersion.running().description.contains(String(build.1)))
    for part in ["lmdb 0.9", "poppler ", "mecab ", "hummingbird "] {
      #expect(result.output.contains(part), "\(part)")
    }
  }
}
