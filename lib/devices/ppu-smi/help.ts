/** What `-h` prints: the commands that this tool answers. */
export const HELP_TEXT = `ppu-smi [OPTION1 [ARG1]] [OPTION2 [ARG2]] ...

    -h,  --help                 This text.
    -L,  --list-ppus            The cards, one a line.
    -i,  --id=                  An index, uuid, serial or PCI bus id, or several with commas. Without it: every card.
    -q,  --query                A report; with -d the sections named:
         MEMORY UTILIZATION ECC TEMPERATURE POWER CLOCK COMPUTE PIDS SUPPORTED_CLOCKS PAGE_RETIREMENT
         ROW_REMAPPER VERSION
    --query-ppu=                Columns of a table of cards; --help-query-ppu lists them.
    --query-compute-apps=       The same for processes,
    --query-retired-pages=      retired pages,
    --query-remapped-rows=      remapped rows,
    --query-supported-clocks=   and clocks.
    --format=csv[,noheader][,nounits]

    -pl, --power-limit=W        Sets the power limit.
    -mig 0|1                    Switches partitioning.
    -r                          Resets. Every card of the host must be idle, and nobody watching.
    --reset PPU|ICN|PPU_ICN     The same for the card, its links, or both.
    -eow                        Failed changes exit with their code.

    stats -d METRICS            Events as they happen, samples each second.
    dmon  -s pucvmet -c N -d S  A line a card and round.
    pmon  -s um -c N -d S       A line a process and round.
    icn   -s|-c|-p|-r|-cs|-lw|-lm|-e|-gt r   Links.
    topo  -m|-mp|-po|-p2p r|w|n|a|p          Topology.
    drain -p XXXX:YY:ZZ.a -m 0|1 | -q | -r, drain -d
`;
