import CPoppler

/// A page as a picture in grey, for a recogniser of characters.
struct PagePicture {
  /// Pixels in an inch.
  var resolution: Int
  var width: Int
  var height: Int
  /// A byte for each pixel, row after row from the top; 255 is white.
  var pixels: [UInt8]

  /// The picture as the worker sends it.
  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.write(resolution)
    writer.write(width)
    writer.write(height)
    writer.write(pixels)
    return writer.bytes
  }

  /// Reads what a worker sent; a picture has as many pixels as it says.
  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    resolution = try reader.integer()
    width = try reader.count(atMost: 1 << 16)
    height = try reader.count(atMost: 1 << 16)
    pixels = try reader.block()
    guard reader.atEnd, (1...1200).contains(resolution), width > 0, height > 0,
      pixels.count == width * height
    else { throw CodingError(description: "A picture is not of the size that it names.") }
  }
}

extension PagePicture {
  /// What characters of ten points need to be told apart.
  private static let usualResolution = 300.0

  /// Draws a page at 300 pixels an inch, or as many as `limit` pixels allow; `nil` when it has no extent.
  @unsafe init?(_ page: OpaquePointer, atMost limit: Int) {
    var (across, down) = (0.0, 0.0)
    unsafe poppler_page_get_size(page, &across, &down)
    guard across.isFinite, down.isFinite, across >= 1, down >= 1 else { return nil }
    let most = (Double(limit) / (across * down)).squareRoot() * 72
    resolution = Int(min(Self.usualResolution, most))
    let scale = Double(resolution) / 72
    guard across * scale < 30_000, down * scale < 30_000 else { return nil }
    (width, height) = (Int(across * scale), Int(down * scale))
    guard resolution >= 1, width > 0, height > 0 else { return nil }
    let surface = unsafe cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    defer { unsafe cairo_surface_destroy(surface) }
    let context = unsafe cairo_create(surface)
    unsafe cairo_set_source_rgb(context, 1, 1, 1)
    unsafe cairo_paint(context)
    unsafe cairo_scale(context, scale, scale)
    unsafe poppler_page_render(page, context)
    unsafe cairo_destroy(context)
    unsafe cairo_surface_flush(surface)
    guard let data = unsafe cairo_image_surface_get_data(surface) else { return nil }
    let stride = unsafe Int(cairo_image_surface_get_stride(surface))
    let (width, height) = (width, height)
    unsafe pixels = [UInt8](unsafeUninitializedCapacity: width * height) { grey, count in
      for row in 0..<height {
        let line = unsafe UnsafeRawPointer(data + row * stride)
          .assumingMemoryBound(to: UInt32.self)
        let place = row * width
        for column in 0..<width {
          let color = unsafe line[column]
          // Luma of ITU-R BT.601, in 256ths.
          let luma =
            (color >> 16 & 0xFF) &* 77 &+ (color >> 8 & 0xFF) &* 150 &+ (color & 0xFF) &* 29
          unsafe grey[place &+ column] = UInt8(truncatingIfNeeded: luma >> 8)
        }
      }
      count = width * height
    }
  }
}

extension PagePicture {
  /// The picture turned a quarter clockwise.
  var turned: PagePicture {
    var turned = self
    (turned.width, turned.height) = (height, width)
    let (width, height) = (width, height)
    unsafe pixels.withUnsafeBufferPointer { from in
      unsafe turned.pixels.withUnsafeMutableBufferPointer { to in
        for row in 0..<height {
          for column in 0..<width {
            unsafe to[column &* height &+ (height &- 1 &- row)] = from[row &* width &+ column]
          }
        }
      }
    }
    return turned
  }
}
