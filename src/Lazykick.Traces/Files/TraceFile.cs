using Lazykick.Traces.Bytes;
using Lazykick.Traces.Containers;
using Lazykick.Traces.Containers.Raw;
using Lazykick.Traces.Formats;
using Lazykick.Traces.Names;

namespace Lazykick.Traces.Files;

/// <summary>
/// An opened trace: a trace.dat (version 6 or 7), a perf.data, or a directory of raw per-CPU pages with format files;
/// each of them, or any file in the directory, may be zstd-compressed (<c>.zst</c>). Little-endian 64-bit kernels only;
/// others are refused by name.
/// </summary>
/// <remarks>
/// Events are read through <see cref="Buffers"/>. The same events come out whatever the container. Memory does not grow
/// with the trace.
/// </remarks>
public sealed class TraceFile : IDisposable
{
    private readonly TraceContents _contents;
    private readonly DamageLog _damage;
    private readonly Lazy<SymbolTable> _symbols;

    internal TraceFile(string name, TraceContents contents, DamageLog damage)
    {
        Name = name;
        _contents = contents;
        _damage = damage;
        _symbols = new Lazy<SymbolTable>(() =>
        {
            var symbols = _contents.ReadSymbols();
            if (symbols.HoleAt >= 0)
            {
                damage.Add(
                    $"{name}: kallsyms",
                    symbols.HoleAt,
                    "expected names of functions, found zero bytes",
                    TraceDamage.OfNames
                );
            }

            return symbols;
        });
        // trace-cmd keeps an empty top buffer when only instances were recorded.
        DefaultBuffer = contents.Buffers.Find(static buffer => buffer.Cpus.Count > 0) ?? contents.Buffers[0];
    }

    /// <summary>The path or name under which the trace was opened.</summary>
    public string Name { get; }

    /// <summary>The form in which the trace came.</summary>
    public TraceContainer Container => _contents.Container;

    /// <summary>All event formats of the traced kernel that the trace has.</summary>
    public IReadOnlyList<EventFormat> Formats => _contents.Catalog.All;

    /// <summary>The kernel's functions; read when first asked for.</summary>
    public SymbolTable Symbols => _symbols.Value;

    /// <summary>Names of tasks.</summary>
    public TaskNames TaskNames => _contents.Tasks;

    /// <summary>Cgroups of tasks: those of the trace and, after an analysis, those that its events told.</summary>
    public TaskCgroups Cgroups => _contents.Cgroups;

    /// <summary>Tasks of the <c>lazykick record</c> that made the trace; empty where the trace does not say.</summary>
    public IReadOnlySet<int> RecorderTasks => _contents.RecorderTasks;

    /// <summary>
    /// False for a CPU of which <c>lazykick record --cpus</c> took only what it did to others; true where the trace
    /// does not say.
    /// </summary>
    public bool IsRecorded(int cpu) => _contents.RecordedCpus?.Contains(cpu) != false;

    /// <summary>The top buffer and the instances, in the order of the file. Never empty.</summary>
    public IReadOnlyList<TraceBuffer> Buffers => _contents.Buffers;

    /// <summary>The first buffer that has events: the top one, unless only instances were recorded.</summary>
    public TraceBuffer DefaultBuffer { get; }

    /// <summary>
    /// Name of the trace clock of <see cref="DefaultBuffer"/>, or empty where the trace does not say.
    /// </summary>
    public string Clock => DefaultBuffer.Clock;

    /// <summary>
    /// Nanoseconds to add to a time stamp to get nanoseconds since 1970 UTC, or null where the trace does not say.
    /// </summary>
    public long? WallClockOffset => _contents.WallClockOffset;

    /// <summary>
    /// How to turn time stamps into nanoseconds where the clock counts cycles (x86-tsc) and the trace says how;
    /// otherwise null.
    /// </summary>
    public ClockScale? ClockScale => _contents.ClockScale;

    /// <summary>
    /// Release of the traced kernel, for example <c>6.12.107+deb13-arm64</c>, or null where the trace does not say.
    /// </summary>
    public string? KernelRelease => _contents.KernelRelease;

    /// <summary>
    /// Machine of the traced kernel as uname says it (<c>x86_64</c>, <c>aarch64</c>), or null where the trace does not
    /// say.
    /// </summary>
    public string? Machine => _contents.Machine;

    /// <summary>What the kernel counted per CPU when recording ended; empty where the trace does not say.</summary>
    public IReadOnlyList<CpuStatistics> Statistics => _contents.Statistics;

    /// <summary>
    /// What could not be read so far, by file and offset. Reading events may add to it: ask again after the last event.
    /// </summary>
    public IReadOnlyList<TraceDamage> Damage => _damage.ToList();

    /// <summary>There was more damage than <see cref="Damage"/> lists.</summary>
    public bool DamageIsTruncated => _damage.IsTruncated;

    /// <summary>Opens a trace file or a directory of raw pages.</summary>
    /// <param name="path">
    /// The file or directory; <c>-</c> for standard input. What cannot be read at any offset (a pipe, a FIFO) is copied
    /// to memory or, from 1 MB on, to a temporary file first.
    /// </param>
    /// <param name="cancellation">Stops waiting for a pipe.</param>
    /// <exception cref="TraceException">
    /// This is no trace, or one of a kind that is not read; the message says what was expected where.
    /// </exception>
    /// <exception cref="OperationCanceledException">Waiting for a pipe was stopped.</exception>
    public static TraceFile Open(string path, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Directory.Exists(path) ? Open(new DiskDirectory(path)) : Open(InputFile.Open(path, cancellation));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TraceException($"{path}: there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TraceException($"{path}: cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>Opens a trace file that is in memory.</summary>
    /// <param name="contents">The file as it would be on disk, zstd-compressed or not.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TraceException">This is no trace, or one of a kind that is not read.</exception>
    public static TraceFile Open(ReadOnlyMemory<byte> contents, string name) => Open(new MemorySource(name, contents));

    internal static TraceFile Open(TraceDirectory directory)
    {
        var damage = new DamageLog();
        return new TraceFile(directory.Name, RawDirectoryReader.Read(directory, damage), damage);
    }

    internal static TraceFile Open(ByteSource source)
    {
        var damage = new DamageLog();
        try
        {
            return new TraceFile(source.Name, ContainerReader.Read(ref source, damage), damage);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>A format by subsystem and name, or null.</summary>
    public EventFormat? Find(string system, string name) => _contents.Catalog.Find(system, name);

    /// <summary>A format by id, or null.</summary>
    public EventFormat? FindById(ushort id) => _contents.Catalog.Find(id);

    /// <summary>
    /// The text constant of the traced kernel at an address, where the trace has it (printk_formats); otherwise null.
    /// </summary>
    public string? ResolveText(ulong address) => _contents.Texts.Find(address);

    /// <summary>
    /// Time stamps are cycles, and the trace does not say how long one takes (x86-tsc without a rate).
    /// </summary>
    public bool CountsCycles => Clock == "x86-tsc" && ClockScale is null;

    /// <summary>For tests of what losses do: as if the trace had no symbols.</summary>
    internal void ForgetSymbols() => _contents.ReadSymbols = static () => SymbolTable.Empty;

    /// <summary>Text constants are in the trace (printk_formats).</summary>
    internal bool HasTexts => _contents.Texts.Count > 0;

    /// <summary>The trace says that an event was recorded, whether it happened or not.</summary>
    internal bool IsSwitchedOn(EventFormat format) =>
        _contents.SwitchedOn?.Contains($"{format.System}:{format.Name}") == true;

    /// <summary>
    /// The traced kernel has no context tracking events, so that its user mode is no EQS and is told by system calls.
    /// Only <c>lazykick record</c> writes the formats of all events that a kernel has; elsewhere a format that is
    /// missing says nothing.
    /// </summary>
    internal bool HasNoContextTracking => _contents.HasAllFormats && Find("context_tracking", "user_enter") is null;

    /// <summary>A pull reader over all CPUs of <see cref="DefaultBuffer"/> in the order of time.</summary>
    public TraceReader OpenReader(EventDispatch dispatch) => DefaultBuffer.OpenReader(dispatch);

    /// <summary>Closes the files. Readers of this trace must not be used afterwards.</summary>
    public void Dispose()
    {
        foreach (var owned in _contents.Owned)
            owned.Dispose();
    }
}
