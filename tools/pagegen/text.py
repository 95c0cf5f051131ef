"""Vietnamese administrative prose to fill pages with: sentences, headings, agencies, numbers, dates.

Nobody and nothing here is real: the sentences are adapted from the style of public regulations, the
agencies are generic, and people appear by role only.
"""

from __future__ import annotations

import random

SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành",
    "Thực hiện chỉ đạo của cấp trên về việc tăng cường công tác quản lý văn bản đi, văn bản đến trong cơ quan",
    "Yêu cầu trưởng các phòng, ban, đơn vị tổ chức quán triệt nghiêm túc nội dung văn bản này đến toàn thể cán bộ",
    "Trong quá trình triển khai thực hiện nếu có khó khăn, vướng mắc đề nghị phản ánh kịp thời để được hướng dẫn",
    "Giao Phòng Hành chính chủ trì, phối hợp với các đơn vị liên quan theo dõi, đôn đốc và tổng hợp báo cáo",
    "Công tác bảo vệ bí mật nhà nước đã được quan tâm chỉ đạo và đạt được những kết quả tích cực",
    "Tài liệu có độ mật Tuyệt mật, Tối mật và Mật phải được bảo quản riêng theo quy định của pháp luật",
    "Không để xảy ra lộ, lọt, mất tài liệu trong quá trình bàn giao, vận chuyển và số hóa hồ sơ",
    "Người được giao mật khẩu, khóa bí mật có trách nhiệm bảo mật và không chia sẻ cho người khác",
    "Mật độ dân số trung bình của khu vực tăng nhẹ so với cùng kỳ năm trước",
    "Ủy ban Mặt trận Tổ quốc và các đoàn thể phối hợp tuyên truyền, vận động nhân dân thực hiện",
    "Hồ sơ được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản để làm căn cứ thực hiện",
    "Kinh phí thực hiện được bố trí trong dự toán chi thường xuyên hằng năm của cơ quan, đơn vị",
    "Đề nghị các cơ quan, đơn vị nghiêm túc triển khai thực hiện và gửi báo cáo trước ngày hai mươi hằng tháng",
    "Việc sao, chụp tài liệu chỉ được thực hiện khi có ý kiến đồng ý bằng văn bản của người có thẩm quyền",
    "Thời hạn bảo vệ được tính từ ngày xác định độ mật của bí mật nhà nước đến hết thời hạn quy định",
    "Bộ phận văn thư có trách nhiệm đóng dấu, ghi số, đăng ký và chuyển giao đúng địa chỉ người nhận",
    "Văn bản khẩn phải được chuyển phát ngay sau khi ký; văn bản hỏa tốc chuyển đúng thời gian ghi trên bì",
    "Các đơn vị rà soát, thống kê, phân loại tài liệu và lập danh mục tài liệu cần số hóa theo mẫu",
    "Nghiêm cấm soạn thảo, lưu giữ tài liệu mật trên máy tính có kết nối mạng Internet",
    "Căn cứ tình hình thực tế, thủ trưởng đơn vị quyết định hình thức tổ chức cho phù hợp",
    "Kết quả kiểm tra cho thấy phần lớn các đơn vị đã chấp hành nghiêm quy định về công tác lưu trữ",
    "Một số nơi chưa bố trí đủ kho bảo quản, trang thiết bị xuống cấp, thiếu nhân lực chuyên trách",
    "Tiếp tục nâng cao nhận thức, trách nhiệm của đội ngũ cán bộ làm công tác văn thư, lưu trữ",
    "Diện tích gieo trồng vụ đông xuân đạt chín mươi tám phần trăm kế hoạch, năng suất ước tăng hai phần trăm",
    "Đẩy nhanh tiến độ giải phóng mặt bằng, bàn giao mặt bằng sạch cho đơn vị thi công",
    "Bảo đảm an ninh trật tự, an toàn giao thông trên địa bàn trong dịp lễ, tết",
    "Nhà trường phối hợp chặt chẽ với gia đình trong việc giáo dục và quản lý học sinh",
    "Bệnh viện bố trí trực cấp cứu đủ bốn cấp, chuẩn bị đầy đủ thuốc và vật tư thiết yếu",
    "Hợp đồng có hiệu lực kể từ ngày ký và được thanh lý khi hai bên hoàn thành nghĩa vụ",
    "Phụ lục kèm theo là bộ phận không tách rời của quyết định này",
    "Quyết định này có hiệu lực thi hành kể từ ngày ký và thay thế các quy định trước đây trái với quyết định này",
    "Chánh Văn phòng, thủ trưởng các cơ quan có liên quan chịu trách nhiệm thi hành quyết định này",
    "Tài liệu được giải mật phải đóng dấu giải mật hoặc có văn bản xác định việc giải mật",
    "Mức độ hoàn thành nhiệm vụ được đánh giá khách quan, công khai, dân chủ và thiết thực",
    "Dự án gồm ba hợp phần với tổng mức đầu tư được phân kỳ theo từng giai đoạn cụ thể",
    "Cơ sở dữ liệu được sao lưu định kỳ và lưu giữ tại nơi an toàn, tách biệt với hệ thống chính",
    "Quan hệ mật thiết giữa các đơn vị là điều kiện quan trọng để hoàn thành nhiệm vụ được giao",
    "Kính trình Thủ trưởng xem xét, phê duyệt để đơn vị có cơ sở tổ chức thực hiện",
    "Biên bản được đọc lại cho mọi người cùng nghe, thống nhất nội dung và ký tên dưới đây",
)
HEADINGS = (
    "QUYẾT ĐỊNH",
    "THÔNG BÁO",
    "KẾ HOẠCH",
    "BÁO CÁO",
    "TỜ TRÌNH",
    "BIÊN BẢN",
    "CÔNG VĂN",
    "CHỈ THỊ",
    "GIẤY MỜI",
    "PHỤ LỤC",
    "DANH MỤC",
    "HƯỚNG DẪN",
    "QUY CHẾ",
    "NGHỊ QUYẾT",
    "CHƯƠNG TRÌNH",
    "ĐỀ ÁN",
    "GIẤY GIỚI THIỆU",
    "PHIẾU TRÌNH",
    "PHIẾU GỬI",
    "HỢP ĐỒNG",
    "DANH SÁCH",
    "LỊCH CÔNG TÁC",
    "BẢN CAM KẾT",
    "GIẤY BIÊN NHẬN",
)
FALSE_FRIENDS = (
    "QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "PHÂN LOẠI TÀI LIỆU BÍ MẬT NHÀ NƯỚC",
    "MẶT TRẬN TỔ QUỐC VIỆT NAM",
    "ỦY BAN MẶT TRẬN TỔ QUỐC",
    "DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TUYỆT MẬT",
    "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐI",
    "BẢO MẬT THÔNG TIN",
    "SỔ QUẢN LÝ TÀI LIỆU TUYỆT MẬT, TỐI MẬT",
    "MẬT KHẨU VÀ KHÓA BÍ MẬT",
    "MẬT ĐỘ XÂY DỰNG",
    "BÁO CÁO MẬT ĐỘ DÂN SỐ",
    "CÔNG TÁC CƠ YẾU, MẬT MÃ",
    "KẾT QUẢ GIẢI MẬT NĂM QUA",
    "TÌNH TRẠNG KHẨN CẤP",
    "THỐNG KÊ DẤU MẬT, TỐI MẬT, TUYỆT MẬT",
    "CAM KẾT BẢO MẬT",
    "MẶT BẰNG TẦNG MỘT",
    "MẬT ONG RỪNG U MINH",
)
AGENCIES = (
    "ỦY BAN NHÂN DÂN",
    "SỞ NỘI VỤ",
    "VĂN PHÒNG",
    "BỘ CHỈ HUY",
    "CÔNG AN TỈNH",
    "SỞ TÀI CHÍNH",
    "TRUNG TÂM LƯU TRỮ",
    "ỦY BAN MẶT TRẬN TỔ QUỐC",
    "ĐẢNG ỦY",
    "TỈNH ỦY",
    "HUYỆN ỦY",
    "CHI CỤC VĂN THƯ",
    "TỔNG CỤC",
    "VIỆN KIỂM SÁT",
    "TÒA ÁN NHÂN DÂN",
    "BAN QUẢN LÝ DỰ ÁN",
    "TRƯỜNG ĐẠI HỌC",
    "BỆNH VIỆN ĐA KHOA",
    "HỘI ĐỒNG NHÂN DÂN",
    "BAN CƠ YẾU",
)
PLACES = (
    "TỈNH X",
    "HUYỆN Y",
    "THÀNH PHỐ Z",
    "QUẬN MỘT",
    "XÃ ĐÔNG",
    "PHƯỜNG NAM",
    "TỈNH BÌNH AN",
    "TỈNH HÒA SƠN",
)
ROLES = (
    "CHỦ TỊCH",
    "GIÁM ĐỐC",
    "CHÁNH VĂN PHÒNG",
    "TRƯỞNG PHÒNG",
    "KT. GIÁM ĐỐC",
    "TL. CHỦ TỊCH",
    "THỦ TRƯỞNG",
    "PHÓ CHỦ TỊCH",
    "BÍ THƯ",
    "VIỆN TRƯỞNG",
    "NGƯỜI LẬP BIỂU",
    "KẾ TOÁN TRƯỞNG",
)
NOTES = (
    "Kính chuyển",
    "Đ/c xem",
    "Lưu hồ sơ",
    "Đã xử lý",
    "Trình ký",
    "Họp 8h",
    "Gấp",
    "P. HC xử lý",
    "Đồng ý",
    "Xem lại",
    "Sao 3 bản",
    "Chuyển VT",
    "Ưu tiên",
    "Báo cáo trước 15/3",
    "Đã nhận",
    "Thiếu phụ lục",
    "OK",
)
BOXED = (
    "LƯU HÀNH NỘI BỘ",
    "XEM XONG TRẢ LẠI",
    "DỰ THẢO",
    "BẢN CHÍNH",
    "BẢN GỐC",
    "ĐÃ THU TIỀN",
    "ĐÃ KIỂM TRA",
    "CÔNG VĂN ĐI",
    "SAO Y",
    "SAO LỤC",
    "ĐÃ SỐ HÓA",
    "HẾT HIỆU LỰC",
    "ĐÃ THANH TOÁN",
    "KHÔNG PHỔ BIẾN",
    "HỒ SƠ GỐC",
    "ĐÃ DUYỆT",
    "PHÒNG LƯU TRỮ",
    "HỌP BÁO",
    "MẪU",
    "ĐÃ NỘP",
    "BẢN LƯU",
    "TÀI LIỆU HỌP",
    "MẶT TRƯỚC",
    "MẶT SAU",
    "BỘ ĐỘI",
    "TUYỂN SINH",
    "TUYẾT MAI",
    "MẶT HÀNG",
    "TỐI ĐA",
    "MẪU SỐ",
    "TUYẾN MỘT",
    "MÁT MẺ",
    "TỔ MỘT",
    "NHẬN",
    "BẢO MẬT",
    "MẶT TRẬN",
    "CƠ YẾU",
    "MẬT MÃ",
    "THUYẾT MINH",
    "TUYẾT",
    "KHẨN CẤP",
    "TỐC ĐỘ",
    "GIẢI THƯỞNG",
    "MỘT MẶT",
    "CHẬM",
    "CHUYỂN",
    "ĐI",
    "TUYỆT ĐỐI",
    "MỸ THUẬT",
    "MẤT",
    "TỐT",
    "LẦN",
    "KHÁC",
)
_SYLLABLES = tuple(
    [
        "an",
        "ban",
        "binh",
        "cao",
        "chi",
        "da",
        "den",
        "dong",
        "duc",
        "gia",
        "ha",
        "hai",
        "hoa",
        "hong",
        "khu",
        "kim",
        "la",
        "lam",
        "long",
        "mai",
        "minh",
        "nam",
        "ngan",
        "nghe",
        "phu",
        "quang",
        "qui",
        "sa",
        "son",
        "tan",
        "tay",
        "thai",
        "thanh",
        "tien",
        "toan",
        "tri",
        "trung",
        "tu",
        "van",
        "viet",
        "vinh",
        "vu",
        "xuan",
        "yen",
    ]
)


class Prose:
    """A stream of text drawn with one random generator."""

    def __init__(self, rng: random.Random) -> None:
        """Draw from ``rng`` and nothing else."""
        self.rng = rng

    def sentence(self) -> str:
        """One sentence, sometimes with its halves taken from two."""
        if self.rng.random() < 0.04:  # other tongues and plain noise in type
            noise = (
                "".join(self.rng.choices("abcdefghiklmnoprstuvxy", k=self.rng.randint(1, 9)))
                for _ in range(self.rng.randint(5, 20))
            )
            return " ".join(noise) + "."
        first = self.rng.choice(SENTENCES)
        if self.rng.random() < 0.4:
            words = first.split()
            second = self.rng.choice(SENTENCES).split()
            first = " ".join(words[: self.rng.randint(4, len(words))] + second[self.rng.randint(0, 5) :]).lower()
            first = first[0].upper() + first[1:]
        return first + self.rng.choice((".", ".", ".", ";", ":", ","))

    def paragraph(self, sentences: int) -> str:
        """Some sentences in a row."""
        return " ".join(self.sentence() for _ in range(sentences))

    def heading(self) -> str:
        """A heading in capitals; every third one holds a false friend."""
        return self.rng.choice(FALSE_FRIENDS if self.rng.random() < 0.33 else HEADINGS)

    def agency(self) -> str:
        """An agency that nobody works for."""
        return self.rng.choice(AGENCIES)

    def place(self) -> str:
        """A place that is on no map."""
        return self.rng.choice(PLACES)

    def number(self) -> str:
        """A document number (số, ký hiệu)."""
        tail = self.rng.choice(("UBND", "SNV", "VP", "BC", "KH", "QĐ-UBND", "TTr-SNV", "BCA", "CV/TU", "NQ-HĐND"))
        return f"{self.rng.randint(1, 4999)}/{tail}"

    def date(self) -> str:
        """A date as in a letter head."""
        day, month, year = self.rng.randint(1, 30), self.rng.randint(1, 12), self.rng.randint(1985, 2026)
        return f"ngày {day:02d} tháng {month} năm {year}"

    def short_date(self) -> str:
        """A date as in a table."""
        return f"{self.rng.randint(1, 30):02d}/{self.rng.randint(1, 12):02d}/{self.rng.randint(1985, 2026)}"

    def person(self) -> str:
        """Made-up syllables where a name would stand."""
        return " ".join(s.capitalize() for s in self.rng.sample(_SYLLABLES, 3))

    def note(self) -> str:
        """A marginal note as a pen leaves it."""
        return self.rng.choice(NOTES)

    def boxed(self) -> str:
        """Words of a stamp that is none of ours."""
        return self.rng.choice(BOXED)

    def cell(self) -> str:
        """What stands in a table cell; levels of secrecy among the rest."""
        pick = self.rng.random()
        if pick < 0.10:
            return self.rng.choice(("Tuyệt mật", "TUYỆT MẬT", "Tối mật", "TỐI MẬT", "Mật", "MẬT", "Khẩn", "KHẨN"))
        if pick < 0.3:
            return self.short_date()
        if pick < 0.5:
            return str(self.rng.randint(1, 9999))
        if pick < 0.62:
            return self.number()
        words = self.rng.choice(SENTENCES).split()
        start = self.rng.randint(0, max(0, len(words) - 4))
        return " ".join(words[start : start + self.rng.randint(1, 4)])
