namespace Lazykick.Checking.Moves;

/// <summary>
/// All fields of a state and how they are packed into words of 64 bits. No field straddles two words.
/// </summary>
internal sealed class Layout
{
    private readonly List<Field> _fields = [];

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Words of a state, after <see cref="Pack"/>.</summary>
    public int Words { get; private set; }

    /// <summary>Bits that are in use.</summary>
    public int Bits => _fields.Sum(f => f.Width);

    public Field Add(string name, int low, int high)
    {
        var field = new Field(_fields.Count, name, low, high);
        _fields.Add(field);
        return field;
    }

    /// <summary>
    /// Gives every field its place. Wide fields first, each into the first word with room: states stay as short as they
    /// can.
    /// </summary>
    public void Pack()
    {
        var used = new List<int> { 0 };
        foreach (var field in _fields.Where(f => f.Width > 0).OrderByDescending(f => f.Width).ThenBy(f => f.Id))
        {
            var word = used.FindIndex(u => u + field.Width <= 64);
            if (word < 0)
            {
                word = used.Count;
                used.Add(0);
            }

            field.Put(word, used[word]);
            used[word] += field.Width;
        }

        Words = used.Count;
    }
}
