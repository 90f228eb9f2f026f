#include "cli.h"

int main(int argc, char** argv) {
    return ourvidz::cli::run(argc, argv);
}
