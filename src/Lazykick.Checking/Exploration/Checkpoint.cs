using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Lazykick.Checking.Exploration;

/// <summary>
/// A file with everything that a search has found, from which the same search goes on later: after it was killed, or at
/// a limit. It is replaced as a whole, so that there is always one that can be used.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="search">What tells the search from all others: scheme, options, version.</param>
internal sealed class Checkpoint(string path, string search)
{
    private const int Format = 1;
    private const int BufferBytes = 1 << 20;

    private readonly Stopwatch _since = Stopwatch.StartNew();

    /// <summary>The time between two writings, so that they cost little.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The last writing is long ago.</summary>
    public bool IsDue => _since.Elapsed > Interval;

    /// <summary>Reads the file, if there is one.</summary>
    /// <param name="read">Reads what was written.</param>
    /// <returns>False: there is none.</returns>
    /// <exception cref="InvalidDataException">It is none, it is cut off, or it is that of another search.</exception>
    public bool Load(Action<BinaryReader> read)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        using var reader = new BinaryReader(file, Encoding.UTF8);
        try
        {
            if (reader.ReadString() != nameof(Lazykick) || reader.ReadInt32() != Format)
                throw new InvalidDataException($"{path} is no checkpoint of this version of lazykick");
            // Before anything of it is believed: numbers in it become indexes and sizes.
            var next = file.Position;
            if (!IsAsWritten(file))
                throw new InvalidDataException($"{path} is cut off or damaged");
            file.Position = next;
            if (reader.ReadString() != search)
            {
                throw new InvalidDataException(
                    $"{path} is the checkpoint of another search: of another scheme, with other options, or by another "
                        + "build of lazykick. Name another file, or remove it"
                );
            }

            read(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"{path} is no checkpoint of lazykick, or is cut off", e);
        }

        _since.Restart();
        return true;
    }

    /// <summary>Replaces the file.</summary>
    /// <param name="write">Writes what <see cref="Load"/> will read.</param>
    public void Save(Action<BinaryWriter> write)
    {
        var next = path + ".new";
        using (var file = File.Create(next))
        {
            using var sum = SHA256.Create();
            using (var summed = new CryptoStream(file, sum, CryptoStreamMode.Write, leaveOpen: true))
            using (var writer = new BinaryWriter(summed, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(nameof(Lazykick));
                writer.Write(Format);
                writer.Write(search);
                write(writer);
            }

            file.Write(sum.Hash);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        _since.Restart();
    }

    /// <summary>The last bytes are the sum of all before them.</summary>
    private static bool IsAsWritten(FileStream file)
    {
        if (file.Length < SHA256.HashSizeInBytes)
            return false;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        file.Position = 0;
        for (var left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            var some = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(some);
            sum.AppendData(some);
            left -= some.Length;
        }

        var written = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(written);
        return sum.GetHashAndReset().AsSpan().SequenceEqual(written);
    }

    /// <summary>The search is done: nothing is left to go on with.</summary>
    public void Delete() => File.Delete(path);
}
