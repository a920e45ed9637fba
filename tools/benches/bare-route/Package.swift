// swift-tools-version: 6.2
import PackageDescription

// Built and run by tools/bench api, with the versions that the product itself is built with.
let package = Package(
  name: "bare-route",
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1")
  ],
  targets: [
    .executableTarget(
      name: "bare-route", dependencies: [.product(name: "Hummingbird", package: "hummingbird")])
  ],
  swiftLanguageModes: [.v6])
