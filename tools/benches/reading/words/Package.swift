// swift-tools-version: 6.2
import PackageDescription

// Run by tools/benches/reading/run, which builds it so that it sees what the reader keeps to itself.
let package = Package(
  name: "words",
  dependencies: [.package(name: "senko", path: "../../../..")],
  targets: [
    .executableTarget(
      name: "words", dependencies: [.product(name: "DocumentReader", package: "senko")])
  ],
  swiftLanguageModes: [.v6])
