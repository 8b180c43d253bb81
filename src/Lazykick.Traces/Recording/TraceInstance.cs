namespace Lazykick.Traces.Recording;

/// <summary>
/// A buffer of our own in tracefs. Its name has the process and the time at which the process started, so that a later
/// run can tell an instance whose owner has died. Removing the directory undoes events, filters, triggers and buffers.
/// </summary>
internal sealed class TraceInstance : IDisposable
{
    private const string Prefix = "lazykick-";

    private readonly string _path;
    private bool _removed;

    private TraceInstance(string path) => _path = path;

    public string Name => Path.GetFileName(_path);

    /// <exception cref="RecordingException">The kernel refuses.</exception>
    public static TraceInstance Create(Tracefs tracefs)
    {
        var own = OwnerName.Of(Prefix, '-');
        for (var i = 0; ; i++)
        {
            var path = Path.Combine(tracefs.Instances, i == 0 ? own : $"{own}-{i}");
            if (Directory.Exists(path))
                continue;
            try
            {
                Directory.CreateDirectory(path);
                return new TraceInstance(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new RecordingException(
                    $"{tracefs.Instances}: no instance can be made here ({error.Message}). Recording needs root, and a "
                        + "kernel that is not locked down for tracing",
                    error
                );
            }
        }
    }

    /// <summary>Removes the instances of processes that have died.</summary>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> SweepDead(Tracefs tracefs)
    {
        var swept = new List<string>();
        foreach (var path in Directory.GetDirectories(tracefs.Instances, Prefix + "*"))
        {
            if (!IsOwnerDead(Path.GetFileName(path)))
                continue;
            using var dead = new TraceInstance(path);
            if (dead.Remove())
                swept.Add(dead.Name);
        }

        return swept;
    }

    /// <summary>True for the name of an instance whose process has ended.</summary>
    public static bool IsOwnerDead(string name) => OwnerName.IsDead(name, Prefix, '-');

    public string PathOf(string file) => Path.Combine(_path, file);

    /// <summary>True if the kernel took the text.</summary>
    public bool TryWrite(string file, string text)
    {
        try
        {
            Write(file, text);
            return true;
        }
        catch (RecordingException)
        {
            return false;
        }
    }

    /// <exception cref="RecordingException">The kernel refuses; the message has its reason.</exception>
    public void Write(string file, string text)
    {
        try
        {
            // One write call: tracefs takes each as a command of its own. No truncation: it clears some files.
            using var handle = File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            RandomAccess.Write(handle, System.Text.Encoding.UTF8.GetBytes(text), 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"{PathOf(file)}: the kernel does not take '{text}': {error.Message}", error);
        }
    }

    public string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Takes the instance away; readers of its pages must be closed.</summary>
    /// <returns>False if the kernel keeps it, for example since a reader is open.</returns>
    public bool Remove()
    {
        if (_removed)
            return true;
        TryWrite("tracing_on", "0");
        TryWrite("events/enable", "0");
        for (var i = 0; i < 50; i++)
        {
            try
            {
                Directory.Delete(_path);
                return _removed = true;
            }
            catch (DirectoryNotFoundException)
            {
                return _removed = true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(20);
            }
        }

        return false;
    }

    public void Dispose() => Remove();
}
