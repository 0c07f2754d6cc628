/* duet: finds the command and runs it. */
#include "engine/cli/commands.h"

int main(int argc, char **argv)
{
    const struct duet_io io = { stdin, stdout, stderr };
    return (int)duet_main(argc, argv, &io);
}
