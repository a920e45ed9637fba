#pragma once
#include <fontconfig/fontconfig.h>
#include <poppler.h>
