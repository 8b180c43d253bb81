using Lazykick.Traces.Containers;
using Lazykick.Traces.Events;
using Lazykick.Traces.Files;
using Lazykick.Traces.Formats;

namespace Lazykick.Traces.Anonymising;

/// <summary>
/// Writes a copy of a trace that can be sent to somebody: a stretch of time, with other task names and addresses.
/// Times, pids, CPUs, functions' names, threads of the kernel and phases' marks stay.
/// </summary>
public static class AnonymousCopy
{
    /// <summary>Writes the copy as a trace.dat of version 6.</summary>
    /// <param name="trace">The trace; its default buffer is copied.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="from">Events before this time are left out.</param>
    /// <param name="to">Events after this time are left out.</param>
    /// <param name="cancellation">Stops the copying.</param>
    /// <returns>Events written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The clock counts cycles: version 6 cannot say their rate.</exception>
    public static long Write(
        TraceFile trace,
        string path,
        ulong from = 0,
        ulong to = ulong.MaxValue,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (trace.ClockScale is not null)
        {
            throw new NotSupportedException(
                $"the clock {trace.Clock} counts cycles, of which a copy cannot say the rate"
            );
        }

        var addresses = new AddressMap(trace);
        var tasks = new TaskPseudonyms(trace);
        var rewriter = new PayloadRewriter(addresses, tasks);
        var formats = new Dictionary<ushort, EventFormat>();
        var seen = new HashSet<ushort>();
        var dispatch = EventDispatch.CreateForAll();
        long count = 0;
        var bodies = new List<FileStream>();
        try
        {
            var lengths = new List<long>();
            for (var cpu = 0; cpu < trace.DefaultBuffer.CpuCount; cpu++)
            {
                var body = new FileStream(
                    Path.GetTempFileName(),
                    FileMode.Create,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1 << 16,
                    FileOptions.DeleteOnClose
                );
                bodies.Add(body);
                var pages = new PageWriter(body);
                if (trace.DefaultBuffer.Cpus.Contains(cpu))
                {
                    var cursor = trace.DefaultBuffer.OpenCpu(cpu, dispatch);
                    count += Copy(cursor, pages, trace, rewriter, formats, seen, (from, to), cancellation);
                }

                pages.Finish();
                lengths.Add(body.Length);
            }

            // An event of which there was none is a fact of the trace; where it was not recorded, nothing is known.
            var recorded = trace
                .Formats.Where(format =>
                    (trace.IsSwitchedOn(format) || seen.Contains(format.Id))
                    && EventPlan.KindOf(format.System, format.Name) != EventKind.None
                )
                .ToList();
            foreach (var format in recorded)
                formats.TryAdd(format.Id, format);
            using var output = File.Create(path);
            output.Write(TraceDatHead.Of(trace, [.. formats.Values], recorded, addresses, tasks, lengths));
            foreach (var body in bodies)
            {
                body.Position = 0;
                body.CopyTo(output);
            }
        }
        finally
        {
            foreach (var body in bodies)
                body.Dispose();
        }

        return count;
    }

    private static long Copy(
        CpuEventCursor cursor,
        PageWriter pages,
        TraceFile trace,
        PayloadRewriter rewriter,
        Dictionary<ushort, EventFormat> formats,
        HashSet<ushort> seen,
        (ulong From, ulong To) span,
        CancellationToken cancellation
    )
    {
        long count = 0;
        long read = 0;
        var lost = false;
        while (cursor.TryRead(out var next))
        {
            lost |= next.LostBefore;
            seen.Add(next.Id);
            if (read++ % 65536 == 0)
                cancellation.ThrowIfCancellationRequested();
            if (
                next.Timestamp < span.From
                || next.Timestamp > span.To
                || next.Payload.Length > PageWriter.LongestEvent
            )
            {
                continue;
            }

            if (trace.FindById(next.Id) is not { } format)
                continue;
            formats.TryAdd(next.Id, format);
            pages.Add(next.Timestamp, rewriter.Rewrite(format, next.Payload), lost);
            lost = false;
            count++;
        }

        return count;
    }
}
