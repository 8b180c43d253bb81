using System.Runtime.InteropServices;
using Lazykick;

namespace SearchIndex;

/// <summary>
/// The file format: number of terms, then for each term (in ascending order of its number) where its postings begin and
/// how many there are, then all postings: numbers of documents, ascending.
/// </summary>
internal static class IndexFile
{
    private const int HeadSize = sizeof(long);
    private const int EntrySize = 3 * sizeof(int);

    /// <summary>
    /// Writes the index of documents 0 to <paramref name="documents"/>: document d has the terms that divide it.
    /// </summary>
    public static string Write(string folder, int documents, int terms)
    {
        List<int> entries = [], postings = [];
        for (var term = 1; term <= terms; term++)
        {
            var first = postings.Count;
            for (var document = term; document < documents; document += term)
                postings.Add(document);
            entries.AddRange([term, first, postings.Count - first]);
        }

        var path = Path.Combine(folder, $"segment-{documents}.idx");
        using var stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)terms));
        stream.Write(MemoryMarshal.AsBytes<int>(CollectionsMarshal.AsSpan(entries)));
        stream.Write(MemoryMarshal.AsBytes<int>(CollectionsMarshal.AsSpan(postings)));
        return path;
    }

    /// <summary>The postings of a term, straight out of the mapping; they cannot outlive the view's scope.</summary>
    public static ReadOnlySpan<int> Find(MappedView view, int term)
    {
        var terms = (int)view.Read<long>(0);
        int low = 0, high = terms - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var entry = view.Slice<int>(HeadSize + ((long)middle * EntrySize), 3);
            if (entry[0] == term)
                return view.Slice<int>(HeadSize + ((long)terms * EntrySize) + ((long)entry[1] * sizeof(int)), entry[2]);
            if (entry[0] < term)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return default;
    }
}
