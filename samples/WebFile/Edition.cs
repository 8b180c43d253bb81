using System.Runtime.InteropServices;

namespace WebFile;

/// <summary>A file full of its own number, so that a reader can tell whether it is all of one piece.</summary>
internal static class Edition
{
    public const int Words = 16 * 1024;

    public static string Write(string folder, int number)
    {
        var path = Path.Combine(folder, $"edition{number}.dat");
        var words = new long[Words];
        Array.Fill(words, number);

        // Written beside and renamed: a file that is mapped must never be cut short.
        File.WriteAllBytes(path + ".new", MemoryMarshal.AsBytes<long>(words));
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }
}
