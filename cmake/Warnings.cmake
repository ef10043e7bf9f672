# The warnings that gcc 12 and clang 14 both know. A preset makes them errors
# (CMAKE_COMPILE_WARNING_AS_ERROR); a plain build does not, so that a newer compiler can build us.
add_library(mst_warnings INTERFACE)
target_compile_options(mst_warnings INTERFACE
    -Wall
    -Wextra
    -Wshadow
    -Wconversion
    -Wstrict-prototypes
    -Wmissing-prototypes
    -Wswitch-enum
    -Wundef
    -Wvla
    -Wformat=2
    -Wpointer-arith
    -Wwrite-strings)
