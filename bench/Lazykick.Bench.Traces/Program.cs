using Lazykick.Bench.Traces;

return args switch
{
    ["make", var directory] => StormRecorder.Record(directory, TimeSpan.FromSeconds(2.5)),
    ["make", var directory, var seconds] when double.TryParse(seconds, out var length) => StormRecorder.Record(
        directory,
        TimeSpan.FromSeconds(length)
    ),
    ["run", var directory] => Comparison.Run(directory, withOthers: true, command: null),
    ["run", var directory, "--ours"] => Comparison.Run(directory, withOthers: false, command: null),
    ["run", var directory, "--command", var command] => Comparison.Run(directory, withOthers: true, command),
    ["run", var directory, "--ours", "--command", var command] => Comparison.Run(directory, withOthers: false, command),
    ["walk", var file] => Walk.Run(file),
    ["storm", var seconds] when double.TryParse(seconds, out var length) => Storm.Run(TimeSpan.FromSeconds(length)),
    ["cost", var command] => RecordingCost.Run(command),
    ["cost-work"] => RecordingCost.Work(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        make DIR [SECONDS]   record a storm of system calls, membarriers and mprotects as big7.dat, big6.dat,
                             big7z.dat, big.perf (root, tracefs, trace-cmd, perf)
        run DIR [--ours] [--command LAZYKICK]
                             read those files with lazykick (this build, or a published one), trace-cmd and
                             perf; events per CPU-second
        walk FILE            read all events of a file, both cores, and count them
        storm SECONDS        the storm alone
        cost LAZYKICK        what recording costs a kick and a system call, beside trace-cmd and perf (root, tracefs)
        """
    );
    return 2;
}
