// ScreeningServer
